#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Whatever ends a run: no mount, no process, no file of it remains.

load lib.bash

setup() {
	need_mount
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -z "${driver-}${holder-}" ] || kill -9 ${driver-} ${holder-} 2>/dev/null || true
}

# In the run's own mount namespace, as its driver sees it; $where: it makes its
# mount point itself.
mounted() {
	[ -n "$where" ] || where=$(compgen -G "$XDG_RUNTIME_DIR/fuse-epoch.mnt.*") || return
	grep -q " $where " "/proc/$driver/mounts"
}

in_lookup() {
	grep -q -E 'lookup|request_wait' "/proc/$driver/stack" 2>/dev/null
}

# A run that hangs in its first LOOKUP: driver and daemon in $driver, $daemon.
start_hanging() {
	start_hanging_at ""
}

# The same, mounted at $1 (empty: where it likes).
start_hanging_at() {
	where=$1
	shift
	"$bench" run -n 50 -r 3 -m expire_entry,none -p lookup \
		--delay LOOKUP=100s -o out.jsonl "$@" >stdout 2>stderr 3>&- &
	driver=$!
	until_true 10 mounted
	until_true 10 in_lookup
	daemon=$(pgrep -P "$driver")
}

# It has ended, also when nobody has waited for it yet.
driver_is_gone() {
	! kill -0 "$driver" 2>/dev/null ||
		grep -q '^State:.Z' "/proc/$driver/status"
}

# ended STATUS: the driver ends by itself and with that status.  It may have to look for
# who holds its mount, in all namespaces.
ended() {
	local status=0
	until_true 60 driver_is_gone
	wait "$driver" || status=$?
	[ ! -s stderr ] || sed "s/^/stderr: /" stderr
	expect status "$status" "$1"
	driver=
}

@test "success" {
	"$bench" run -n 50 -r 2 -m expire_entry,none -o out.jsonl
	expect_nothing_left
	expect files "$(ls)" out.jsonl
}

@test "failure" {
	run "$bench" run -n 50 -r 2 -m none --timeout 0 -o out.jsonl
	[ "$status" = 1 ]
	expect_nothing_left
	expect files "$(ls)" out.jsonl
	expect exit "$(jq .exit out.jsonl)" 1
}

@test "Control-C, with a request hanging: ends, and the records say so" {
	start_hanging
	kill -INT "$driver"
	ended 1
	expect_nothing_left
	expect why "$(jq -r .why out.jsonl | sort -u)" interrupted
	expect lines "$(grep -c interrupted stderr)" 1
	expect files "$(echo *)" "out.jsonl stderr stdout"
}

@test "SIGTERM is the same as Control-C" {
	start_hanging
	kill -TERM "$driver"
	ended 1
	expect_nothing_left
}

@test "a second Control-C ends at once, and the daemon cleans up" {
	start_hanging
	kill -STOP "$daemon"
	kill -INT "$driver"
	kill -INT "$driver"
	kill -CONT "$daemon"
	until_true 10 driver_is_gone
	wait "$driver" || true
	driver=
	until_true 10 no_process
	expect_nothing_left
}

@test "kill -9 of the driver: the daemon unmounts" {
	start_hanging
	kill -9 "$driver"
	until_true 10 driver_is_gone
	wait "$driver" || true
	driver=
	until_true 10 no_process
	expect_nothing_left
	expect files "$(echo *)" "stderr stdout"
}

@test "kill -9 of the daemon: the driver says so, and unmounts" {
	start_hanging
	kill -9 "$daemon"
	# The other variant starts a daemon of its own, which hangs as well.
	until_true 10 grep -q 'killed by signal 9' stderr
	kill -INT "$driver"
	ended 1
	expect_nothing_left
}

@test "kill -9 of both: the next start cleans up and says so" {
	start_hanging
	kill -STOP "$driver"
	kill -9 "$daemon" "$driver"
	wait "$driver" || true
	until_true 10 no_process
	[ -d "$where" ]
	run "$bench" run -n 5 -r 1 -m none
	[ "$status" = 0 ]
	[[ $output == *"removed the directory $where "* ]]
	driver=
	expect_nothing_left
}

is_stopped() { ! grep -h '^State:' "/proc/$driver"/task/*/status | grep -qv 'T (stopped)'; }

# Between two samples there is no mount, so the driver is stopped while there is one: that
# of a sample, where there are LOOKUPs.  It may be unmounting, and ends that first.
stopped_mounted() {
	in_lookup || return
	kill -STOP "$driver"
	until_true 60 is_stopped
	where=
	mounted && return
	kill -CONT "$driver"
	return 1
}

# Few names: a sample whose names somebody else has dropped meanwhile is taken again, and
# nobody holds the mount of that.
#
# holds COMMAND...: a process that has the mount before the run ends, in the run's
# own mount namespace or a copy of that; it is there when the run goes on.
holds() {
	until_true 60 stopped_mounted
	nsenter -t "$driver" -m env WHERE="$where" "$@" 3>&- &
	holder=$!
	until_true 60 grep -qs "^ready" held
	kill -CONT "$driver"
}

@test "somebody has a copy of the mount: named, aborted, and no failure" {
	"$bench" run -n 20 -r 2 -m none -p lookup --delay LOOKUP=20ms -o out.jsonl \
		>stdout 2>stderr 3>&- &
	driver=$!
	holds unshare -m --propagation private sh -c "echo ready >'$PWD/held'; exec sleep 1000"
	ended 0
	grep -q "process $holder (sleep) has it mounted in a mount namespace of its own" stderr
	expect exit "$(jq -c '[.exit, .samples]' out.jsonl)" "[0,2]"
	kill -0 "$holder"
	kill "$holder"
	holder=
	expect_nothing_left
}

@test "somebody works in the mount: no time of an unmount, and he is named" {
	"$bench" run -n 20 -r 2 -m none -p lookup --delay LOOKUP=20ms -o out.jsonl \
		>stdout 2>stderr 3>&- &
	driver=$!
	holds sh -c "cd \"\$WHERE\" && echo ready >'$PWD/held' && exec sleep 1000"
	ended 1
	grep -q "busy: process $holder (sleep) has a file or directory of it open" stderr
	kill "$holder"
	holder=
	expect_nothing_left
}

@test "what isn't ours stays: a link, a directory that isn't empty" {
	mkdir elsewhere "$XDG_RUNTIME_DIR/fuse-epoch.mnt.full"
	touch "$XDG_RUNTIME_DIR/fuse-epoch.mnt.full/file"
	ln -s "$PWD/elsewhere" "$XDG_RUNTIME_DIR/fuse-epoch.mnt.link"
	run "$bench" run -n 5 -r 1 -m none
	[ "$status" = 0 ]
	[[ $output != *removed* ]]
	[ -d elsewhere ]
	[ -f "$XDG_RUNTIME_DIR/fuse-epoch.mnt.full/file" ]
}

@test "what only has the name of a run's mount stays mounted, and answers" {
	command -v bindfs >/dev/null || skip "needs the Debian package bindfs"
	mkdir source named
	touch source/file
	sleep 0 & # whose pid nobody has any more
	wait $!
	bindfs -o "fsname=epochbench:$!,subtype=epochbench" source named 3>&-
	run "$bench" run -n 5 -r 1 -m none
	local said=$output type
	type=$(stat -f -c %T named/file && findmnt -no FSTYPE named) || :
	umount named
	expect type "${type/#fuseblk/fuse}" $'fuse\nfuse.epochbench' # as in Debian 12
	[[ $said != *removed* && $said != *aborted* ]]
}

@test "a place where others may write isn't trusted" {
	chmod 777 "$XDG_RUNTIME_DIR"
	run "$bench" run -n 5 -r 1 -m none
	[ "$status" = 0 ]
	chmod 700 "$XDG_RUNTIME_DIR"
	expect_nothing_left
}

@test "a mount of a run is in nobody else's mount namespace" {
	start_hanging
	if grep -F "$where" /proc/self/mounts; then return 1; fi
	kill -INT "$driver"
	ended 1
}

@test "kill -9 of the driver leaves a mount point of the user's alone" {
	mkdir mnt
	start_hanging_at "$PWD/mnt" --mountpoint "$PWD/mnt"
	kill -9 "$driver"
	until_true 10 driver_is_gone
	wait "$driver" || true
	driver=
	until_true 10 no_process
	[ -d mnt ]
	if grep "$PWD/mnt" /proc/self/mounts; then return 1; fi
	expect_nothing_left
}

@test "a mount of a living run is left alone by the next start" {
	start_hanging
	run "$bench" run -n 5 -r 1 -m none
	[ "$status" = 0 ]
	[[ $output != *removed* ]]
	mounted
	[ -d "$where" ]
	kill -INT "$driver"
	ended 1
	expect_nothing_left
}

@test "a request that is held back doesn't hold up others" {
	start_hanging
	timeout 5 stat -f "/proc/$driver/root$where"
	kill -INT "$driver"
	ended 1
}

@test "no process hangs in D state while requests are held back" {
	start_hanging
	expect state "$(awk '/^State:/{print $2}' "/proc/$driver/status")" S
	kill -INT "$driver"
	ended 1
}

@test "a kernel parameter that a killed run had set is restored" {
	echo 2 >param
	echo "0 $PWD/param" >"$XDG_RUNTIME_DIR/fuse-epoch.param.x"
	run "$bench" run -n 5 -r 1 -m none
	[ "$status" = 0 ]
	[[ $output == *"set $PWD/param to 0 again"* ]]
	expect param "$(head -c 1 param)" 0
	expect_nothing_left
}
