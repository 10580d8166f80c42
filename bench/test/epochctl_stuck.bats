#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl while a daemon hangs: it can always be ended, and what it leaves in the
# kernel ends with the daemon.

load ctl.bash

# Processes that an inval has left, and those of them that nothing can end.
left() {
	pgrep -f "^$ctl inval --limit 1 $dir/mnt"
}

nothing_left() {
	! left >/dev/null
}

stuck() {
	local pid
	for pid in $(left); do
		! grep -q '^State:.D' "/proc/$pid/status" || echo "$pid"
	done
}

# The daemon's end: then nobody waits any more.
expect_all_end() {
	kill -9 "$daemon"
	wait "$daemon" || true
	until_true 10 nothing_left
	wait "$waiter" || true
}

# sticks ARGUMENT...: that inval waits in the kernel, and is left there.
sticks() {
	refused 1 "no answer for 1 s: its daemon hangs" \
		inval --limit 1 "$dir/mnt" "$@"
	[ -n "$(stuck)" ]
}

@test "a message that waits for a folder's lookup ends with the daemon" {
	serve
	stat mnt/file >/dev/null
	hang stat mnt/nonexistent
	sticks file
	sticks file2
	expect_all_end
}

@test "a message that waits for data ends with the daemon" {
	serve
	stat mnt/file >/dev/null
	pin file
	# shellcheck disable=SC2016 # for that shell to expand
	hang bash -c 'cat <&"$0"' "${pinned[-1]}"
	sticks -m inval_inode file
	expect_all_end
}

@test "a message that waits goes on if the daemon answers" {
	serve
	stat mnt/file >/dev/null
	hang stat mnt/nonexistent
	sticks file
	kill -CONT "$daemon"
	until_true 10 nothing_left
	wait "$waiter" || true
	grep -q "No such file" answer
	sees file 3
}

# Whoever aborts would have done so that time.
stays() {
	if until_true 2 nothing_left; then return 1; fi
}

@test "a daemon of which another process lives: nothing is aborted" {
	local second
	oddly pair
	second=$(pgrep -P "$daemon")
	pids+=("$second")
	kill -STOP "$second"
	hang stat mnt/nonexistent
	sticks file
	kill -9 "$daemon"
	wait "$daemon" || true
	stays
	kill -CONT "$second"
	until_true 10 nothing_left
	wait "$waiter" || true
	grep -q "No such file" answer
}

@test "a message whose guard was killed, too, is ended by the next epochctl" {
	local name
	for name in list bump; do
		serve
		stat mnt/file >/dev/null
		hang stat mnt/nonexistent
		sticks file
		# All but the one that can't be.
		left | xargs kill -9
		kill -9 "$daemon"
		wait "$daemon" || true
		stays
		if [ $name = list ]; then
			lists
		else
			refused 1 " serves connection " bump mnt
		fi
		until_true 10 nothing_left
		wait "$waiter" || true
		umount mnt
	done
}

# ends ARGUMENT...: on SIGTERM, within 5 s, also if it can't go on.
ends() {
	local pid status=0
	"$ctl" "$@" >/dev/null 2>errors 3>&- &
	pid=$!
	pids+=("$pid")
	until_true 10 is_asleep
	kill "$pid"
	until_true 5 has_ended
	wait "$pid" || status=$?
	expect status "$status" 143
}

is_asleep() {
	grep -q '^State:.[SD]' "/proc/$pid/status"
}

has_ended() {
	! kill -0 "$pid" 2>/dev/null
}

@test "SIGTERM ends it, whatever it waits for" {
	serve
	need_epochs
	stat mnt/file mnt/sub/file >/dev/null 2>&1 || true
	mkfifo fifo
	ends inval --files0-from=fifo mnt
	hang stat mnt/nonexistent
	ends inval --files0-from=fifo mnt
	ends inval --files0-from=mnt/list mnt
	ends inval mnt file
	ends inval mnt sub/other/x
	works bump mnt
	lists
	kill -CONT "$daemon"
	wait "$waiter" || true
}
