#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl list and bump, on a bindfs that knows nothing of epochs.

load ctl.bash

@test "help has examples, for anybody" {
	local command option
	for command in '' list bump inval; do
		for option in --help -h '-?'; do
			# shellcheck disable=SC2086 # nothing or one word
			works $command $option
			[[ $output == *"Usage: epochctl"* ]]
			[[ $output == *"Examples:"*"  epochctl ${command:-list}"* ]]
			[[ $output == *"Exit status: 0 ok, 1 failed"* ]]
		done
	done
	works bump --help
	[[ $output == *"has no epochs, or it is virtiofs"* ]]
	works --version
	[[ $output == "epochctl "* ]]
}

@test "bad usage is told" {
	refused 2 "there is no command 'frob'" frob
	refused 2 Usage
	refused 2 "'--frob'" bump --frob
	refused 2 "which MOUNT?" bump
	refused 2 "'/b' is another" bump /a /b
	refused 2 "'x' is no PID" bump -p x /a
	refused 2 "'0' is no PID" inval -p 0 /a b
	refused 2 "'/a' is too much" list /a
	refused 2 "which MOUNT?" inval
	refused 2 "which PATHs" inval /a
	refused 2 "no method 'frob'" inval -m frob /a b
	refused 2 "'0' is no number of seconds" inval --timeout 0 /a b
}

@test "what is no FUSE mount is told, and what is there instead" {
	serve
	refused 2 "is proc, not FUSE" bump /proc
	refused 2 "nothing is mounted there" bump "$dir/source"
	refused 2 "No such file or directory" bump "$dir/nonexistent"
	refused 2 "No such file or directory" bump ''
	refused 2 "Not a directory" bump "$dir/source/file/x"
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump mnt/sub
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump mnt/a/../b
	ln -s loop "$dir/loop"
	refused 2 "symbolic links" bump loop
	refused 2 "\\033[31m" bump $'red\033[31m'
}

@test "a mount may be called by any of its names" {
	local name
	serve
	need_epochs
	ln -s "$dir/mnt" absolute
	ln -s mnt relative
	mkdir -p a/b
	for name in mnt ./mnt mnt/ mnt/. .//mnt// a/../mnt a/b/../../mnt \
		absolute relative "$dir/relative" "$dir/../${dir##*/}/mnt"; do
		works bump "$name"
	done
	cd mnt
	works bump .
	cd sub
	works bump ..
	works bump ../../mnt
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump .
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump x
	refused 2 "nothing is mounted there" bump ../..
}

@test "a mount in a FUSE mount: named, and the outer isn't asked" {
	local name outer
	mkdir -p source/sub/deep source/tmp other
	serve -o entry_timeout=0,attr_timeout=0
	need_epochs
	outer=$daemon
	bindfs -f -o "$hour" other mnt/sub/deep 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/mnt/sub/deep"
	mount -t tmpfs none mnt/tmp
	ln -s ../sub/deep mnt/tmp/link
	# Whatever asks it now doesn't come back.
	kill -STOP "$outer"
	for name in mnt/sub/deep "$dir/mnt/sub/deep" mnt/./sub//deep/ \
		mnt/sub/x/../deep mnt/tmp/../sub/deep mnt/sub/deep/x/..; do
		works bump "$name"
		[[ $output == "$dir/mnt/sub/deep: bumped, "*"[$!])" ]]
	done
	refused 2 "lies in the FUSE mount $dir/mnt/sub/deep: name that" \
		bump mnt/sub/deep/x
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump mnt/sub
	refused 2 "lies in the FUSE mount $dir/mnt: name that" bump mnt/sub/deep/..
	refused 2 "is tmpfs, not FUSE" bump mnt/tmp
	refused 2 "nothing is mounted there" bump mnt/tmp/link
	works bump mnt/sub/deep/../../../mnt/sub/deep
}

@test "bump: what changed behind the mount is seen at once, and not before" {
	serve
	need_epochs
	go_behind
	works bump mnt
	expect output "$output" \
		"$dir/mnt: bumped, and its root's attributes made stale (connection $(connection) of bindfs[$daemon])"
	sees $file 7
	sees $absent 2
}

# What it did since it was started: sleep and wake up.
switches() {
	grep ctxt_switches "/proc/$daemon/status"
}

@test "the daemon takes no notice: it isn't even woken" {
	serve
	need_epochs
	until_true 10 idle
	local before
	before=$(switches)
	works bump mnt
	works inval -m inval_inode mnt .
	works bump --dry-run mnt
	lists
	expect switches "$(switches)" "$before"
	expect tracer "$(grep -c '^TracerPid:.0$' "/proc/$daemon/status")" 1
}

idle() {
	local before
	before=$(switches)
	sleep 0.2
	[ "$(switches)" = "$before" ]
}

@test "bump --dry-run, list and failures don't bump" {
	serve
	need_epochs
	go_behind
	works bump --dry-run mnt
	[[ $output == *"could be bumped"* ]]
	lists
	lists -j
	mount -t tmpfs none mnt/sub
	epochctl bump mnt
	expect status "$status" 1
	sees $file 3
	sees $absent none
}

@test "bump -j and list -j: the keys of results/SCHEMA.md" {
	serve
	need_epochs
	works bump -j mnt
	jq -e --arg m "$dir/mnt" --argjson pid "$daemon" --argjson c "$(connection)" \
		'.schema == "epochctl-bump/1" and .bumped and .mount == $m and
		.pid == $pid and .comm == "bindfs" and .connection == $c and
		.notify_ns > 0 and .ns > 0 and .fd >= 0 and .beneath == [] and
		(.type | startswith("fuse"))' <<<"$output"
	listed .
	jq -e --arg m "$dir/mnt" --argjson pid "$daemon" --argjson c "$(connection)" \
		'.schema == "epochctl-list/1" and .ns > 0 and .mount == $m and
		.pid == $pid and .comm == "bindfs" and .connection == $c and
		.dev == "0:\($c)" and .root == "/" and .fd_cnt == 1 and
		.epochs == true and .waiting == 0 and .namespace == 0 and
		.namespace_pid == 0 and .beneath == []' <<<"$value"
}

@test "list fits the terminal" {
	serve
	mount -t tmpfs none mnt/sub
	lists
	grep -xE " *$(connection) +$daemon  bindfs .*  $dir/mnt" <<<"$output"
	grep -xE " +beneath: $dir/mnt/sub \(tmpfs\)" <<<"$output"
	# Room for each path, but not beside all other columns.
	local columns=$((${#dir} + 45))
	seen() { # OPTION...
		output=$(script -qec "stty cols $columns; NO_COLOR=1 $ctl list $* 2>/dev/null" \
			/dev/null </dev/null | tr -d '\r')
		echo "$output"
		expect "too long" "$(LC_ALL=C.UTF-8 grep -E "^.{$((columns + 1))}" <<<"$output")" ""
	}
	seen
	grep -x 'CONNECTION  *PID  DAEMON  *\(EPOCHS  \)\?WAITING  MOUNT' <<<"$output"
	grep -xE " *$(connection) +$daemon  bindfs .*" <<<"$output"
	seen --columns mount
	grep -xE " *$(connection)  $dir/mnt" <<<"$output"
	grep -xE " +beneath: $dir/mnt/sub \(tmpfs\)" <<<"$output"
}

@test "names that aren't text are shown without harm" {
	serve
	need_epochs
	mkdir $'odd \n\033[1m\377'
	mount --bind mnt $'odd \n\033[1m\377'
	works bump $'odd \n\033[1m\377'
	[[ $output == *'odd \012\033[1m\377: bumped'* ]]
	works bump -j $'odd \n\033[1m\377'
	jq -e .bumped <<<"$output"
	umount $'odd \n\033[1m\377'
}

@test "several connections are told apart" {
	local first
	serve
	need_epochs
	first=$daemon
	mkdir other
	bindfs -f -o "$hour" source other 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/other"
	go_behind
	works bump other
	[[ $output == *"[$!])" ]]
	sees $file 3
	works bump mnt
	[[ $output == *"[$first])" ]]
	sees $file 7
}

@test "cloned devices: any of them will do" {
	oddly clone
	need_epochs
	works bump mnt
	listed .fd_cnt
	expect descriptors "$value" 3
}

@test "a daemon whose first thread has ended" {
	oddly thread
	until_true 10 grep -q '^State:.Z' "/proc/$daemon/status"
	need_epochs
	works bump mnt
	[[ $output == *"daemon[$daemon])" ]]
	listed .pid
	expect pid "$value" "$daemon"
	listed .fd_cnt
	expect descriptors "$value" 1
}

@test "a daemon whose device only a thread has" {
	oddly own
	need_epochs
	works bump mnt
	listed .pid
	expect pid "$value" "$daemon"
}

@test "a daemon that never answered the mount" {
	oddly mute
	listed .waiting
	expect waiting "$value" 1
	need_epochs
	# Kernels differ in whether they take a bump then: the daemon has tried.
	until_true 10 [ -s answer ]
	case $(<answer) in
	taken) works bump mnt ;;
	EINVAL) refused 1 "the daemon hasn't answered the mount yet" bump mnt ;;
	*) false ;;
	esac
}

# crowd: processes that are brothers of the next daemon.
crowd() {
	local i
	for ((i = 0; i < 20; i++)); do
		sleep 100 3>&- &
		pids+=($!)
	done
}

@test "a daemon in a crowd: neither among the oldest nor the newest" {
	crowd
	serve
	crowd
	need_epochs
	works bump mnt
	[[ $output == *"[$daemon])" ]]
}

@test "--pid: only that process is looked at" {
	serve
	need_epochs
	works bump --pid "$daemon" mnt
	refused 1 "process $$ doesn't serve it" bump --pid $$ mnt
}

@test "what can't be written is a failure" {
	serve
	need_epochs
	status=0
	"$ctl" bump mnt >/dev/full 2>errors || status=$?
	expect status "$status" 1
	grep -q "can't write: No space left" errors
	status=0
	"$ctl" list -j >/dev/full 2>errors || status=$?
	expect status "$status" 1
}
