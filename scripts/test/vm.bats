#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/vm: a guest's command is like one of our own, and a guest that is in
# trouble is a failure.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	mkdir "$BATS_TEST_TMPDIR"/{here,tmp}
	cd "$BATS_TEST_TMPDIR/here"
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	bats_require_minimum_version 1.5.0
}

# shellcheck disable=SC2120 # some have none
vm() { "$top/scripts/vm" --limit 100 "$@"; }

# QEMUs and temporary folders of this test.
left() {
	pgrep -f "qemu.*$TMPDIR/" || :
	ls -A "$TMPDIR"
}

# Types a line when a guest's shell is there; what is seen goes into `said'.  A
# person would start it again if that doesn't come; so does this.
shell() {
	local status
	for _ in 1 2 3; do
		status=0
		typed "$1" || status=$?
		! grep -q 'leave with: exit' said || break
	done
	return "$status"
}

typed() {
	: >said
	vm < <(
		tries=0
		until grep -q 'leave with: exit' said || [ $((tries += 1)) = 300 ]; do
			sleep 0.2
		done
		echo "$1"
	) >said 2>&1 3>&-
}

@test "output, complaints, exit status and files come back" {
	echo input >in
	run --separate-stderr vm --with in -- \
		sh -c 'cat in; echo oops >&2; echo made >out; exit 5'
	[ "$status" = 5 ]
	[ "$output" = input ]
	[[ $stderr == *oops* ]]
	[ "$(cat out)" = made ]
	[ "$(cat in)" = input ]
}

@test "what the guest changed, linked or emptied comes back, and no more" {
	mkdir private
	chmod 700 private
	echo one >private/in
	touch -d tomorrow private/in # newer than anything in the guest
	touch same
	touch -d yesterday same
	run -0 vm --with private --with same -- \
		sh -c 'echo two >>private/in; ln -s in private/link; mkdir -p a/b'
	[ "$(cat private/in)" = $'one\ntwo' ]
	[ "$(readlink private/link)" = in ]
	[ -d a/b ]
	[ "$(stat -c %a private)" = 700 ]
	[ -n "$(find same -mtime +0)" ]
	[ "$(find . -mindepth 1 | sort | paste -sd ' ')" = \
		"./a ./a/b ./private ./private/in ./private/link ./same" ]
}

@test "in a folder of commands, busybox's stay in the guest" {
	cd /usr/bin
	before=$(find . | sort | sha256sum)
	run -0 vm -- true
	[ "$(find . | sort | sha256sum)" = "$before" ]
	[ ! -L stat ]
}

@test "a shell's status and files come back; complaints and panics are failures" {
	run -3 shell 'echo made >out; exit 3'
	[ "$(cat out)" = made ]
	run -1 shell 'echo "<4>WARNING: test" >/dev/kmsg; exit 0'
	grep "the guest's kernel complained" said
	run -1 shell 'echo c >/proc/sysrq-trigger'
	grep "the guest died" said
}

@test "the variant that was asked for is there" {
	local variant
	for variant in stock hardened; do
		run -0 vm --fuse "$variant" --smp 1 -- \
			sh -c 'cat /sys/module/fuse/version; nproc; uname -r'
		[[ ${lines[0]} == "$variant "* ]]
		[ "${lines[1]}" = 1 ]
		[[ ${lines[2]} == 6.12.*-fuse-epoch ]]
	done
}

@test "a panic is a failure that shows the console" {
	run -1 vm -- sh -c 'echo reached; sleep 1; echo c >/proc/sysrq-trigger; echo survived'
	[[ $output == *reached* ]]
	[[ $output != *survived* ]]
	[[ $output == *"the guest died"* ]]
	[[ $output == *"sysrq triggered crash"* ]]
}

@test "a guest that doesn't come up is tried again, but not for ever" {
	run -1 vm --append rdinit=/usr/bin/busybox -- true
	[[ $output == *"didn't come up (attempt 3 of 3)"* ]]
	[[ $output == *"the guest died"* ]]
}

@test "a kernel that complains before anything has run is tried again" {
	# Its log begins with its command line. On a busy host one of the attempts
	# may end in another way, so no attempt in particular has to say why.
	run --separate-stderr vm --append 'BUG: said=here' -- echo ran
	echo "$stderr"
	[ "$status" = 1 ]
	[ -z "$output" ]
	[[ $stderr == *"attempt 3 of 3): "* ]]
	[[ $stderr == *"of 3): vm: the kernel complained while it booted"* ]]
	[[ $stderr == *"BUG: said=here"* ]]
}

@test "a warning in the kernel's log is a failure, though the command did well" {
	run -1 vm -- sh -c 'echo "<4>WARNING: CPU: 0 at test" >/dev/kmsg; exit 0'
	[[ $output == *"the guest's kernel complained"* ]]
	[[ $output == *"WARNING: CPU: 0 at test"* ]]
	[[ ${lines[-1]} == *"that began with: "*"WARNING: CPU: 0 at test"* ]] # a log of CI may be cut above
	run -0 vm -- sh -c 'echo "<4>a warning" >/dev/kmsg; exit 0'
}

@test "what kernels print when something is wrong is known" {
	local trouble='' line
	eval "$(grep -E '^trouble\+?=' "$top/scripts/vm")"
	[ -n "$trouble" ]
	while IFS= read -r line; do
		grep -qE "$trouble" <<<"$line" || { echo "not seen: $line"; false; }
	done <<-'LOG'
		INFO: trying to register non-static key.
		rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
		rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: {
		rcu: INFO: rcu_preempt self-detected stall on CPU
		INFO: rcu_tasks detected stalls on tasks:
		BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 35s!
		watchdog: Watchdog detected hard LOCKUP on cpu 1
		BUG fuse_inode (Not tainted): Objects remaining on __kmem_cache_shutdown()
		INFO: task cat:12 blocked for more than 122 seconds.
	LOG
	run ! grep -E "$trouble" <<-'LOG'
		rcu: Hierarchical RCU implementation.
		workqueue: round-robin CPU selection forced, expect performance impact
		hpet: 3 comparators
	LOG
}

@test "with --dmesg it is for the caller to judge the log" {
	run -4 vm --dmesg log -- sh -c 'echo "<4>WARNING: CPU: 0 at test" >/dev/kmsg; exit 4'
	grep -q 'WARNING: CPU: 0 at test' log
	run -2 vm --dmesg /nonexistent/log -- true
	[[ $output == *"cannot write /nonexistent/log"* ]]
}

@test "a guest that hangs is stopped, and its log is kept" {
	run -1 vm --limit 2 --dmesg log -- sh -c 'echo "<0>here" >/dev/kmsg; sleep 1000'
	[[ $output == *"the guest hung: stopped after 2 s"* ]]
	grep -q here log
}

@test "seconds without a CPU are known, and none of who sleeps" {
	local busy=() sleeper tries=0
	eval "$(sed -n '/^waited() {/,/^}/p' "$top/scripts/vm")"
	sleep 1000 & sleeper=$!
	for _ in 1 2; do
		taskset -c 0 sh -c 'while :; do :; done' &
		busy+=($!)
	done
	until [ "$(waited "${busy[0]}")" -ge 2 ] || [ $((tries += 1)) = 600 ]; do
		sleep 0.1
	done
	run waited "$sleeper"
	kill "$sleeper" "${busy[@]}"
	[ "$tries" -lt 600 ]
	[ "$output" = 0 ]
}

# Waits until the command of a guest runs.
until_started() {
	local tries=0
	until grep -qs 'vm: started' "$TMPDIR"/fuse-epoch-vm-run.*/console; do
		[ $((tries += 1)) -lt 1200 ]
		sleep 0.1
	done
}

@test "nothing is left when the script is killed" {
	"$top/scripts/vm" -- sleep 1000 3>&- &
	local tries=0
	until_started
	kill -KILL $!
	until [ -z "$(left)" ]; do # there is one who hears of it
		[ $((tries += 1)) -lt 600 ]
		sleep 0.1
	done
}

@test "nothing is left when all of it is killed: the next removes it" {
	"$top/scripts/vm" -- sleep 1000 3>&- &
	local tries=0
	until_started
	[ -n "$(left)" ]
	pkill -KILL -g 0 -f "^/bin/bash -p $top/scripts/vm -- sleep 1000" || :
	pkill -KILL -f "qemu.*$TMPDIR/" || : # it hears of that, too
	until ! pgrep -f "qemu.*$TMPDIR/" >/dev/null; do
		[ $((tries += 1)) -lt 600 ]
		sleep 0.1
	done
	run -2 vm --kernel /nonexistent -- true
	[ -z "$(left)" ]
}

@test "nothing is left after Ctrl-C" {
	local signal status
	for signal in INT TERM; do
		setsid env --default-signal=INT "$top/scripts/vm" -- sleep 1000 3>&- &
		until_started
		status=0 SECONDS=0
		kill -$signal $!
		wait $! || status=$?
		[ $status = 130 ] && [ $SECONDS -le 60 ]
		[ -z "$(left)" ]
	done
}

@test "what can't be is refused, and says why" {
	run -2 vm --kernel /nonexistent -- true
	[[ $output == *"no kernel image /nonexistent"* ]]
	run -2 vm --fuse nonsense -- true
	[[ $output == *"no variant nonsense: there are"*hardened* ]]
	run -2 vm --kernel debian:6.18 --fuse v8 -- true
	[[ $output == *"for our own kernel"* ]]
	run -2 vm --kernel debian:6.18 --config debug -- true
	[[ $output == *"for our own kernel"* ]]
	run -2 vm --with /nonexistent -- true
	[[ $output == *"no /nonexistent here"* ]]
	run -2 vm --smp
	[[ $output == *"'--smp' requires an argument"* ]]
	run -2 vm --timeout 2m -- true # as it was called
	[[ $output == *"--limit 2m isn't"* ]]
	run -2 vm --config nonsense -- true
	[[ $output == *"no kernel/config/nonsense.config"* ]]
	local dir
	for dir in / /proc/sys /dev/shm; do
		cd "$dir"
		run -2 vm -- true
		[[ $output == *"not in $dir: "* ]]
	done
}

@test "output that nobody takes is a failure, and the guest is stopped" {
	run -1 sh -c "'$top/scripts/vm' -- echo hi >/dev/full"
	[[ $output == *"cannot write what the command prints"* ]]
	run -0 bash -c "'$top/scripts/vm' -- yes | head -n 1; echo \"status \${PIPESTATUS[0]}\""
	[[ $output == *"cannot write what the command prints"* && ${lines[-1]} == "status 1" ]]
}

@test "a folder with spaces, commas, quotes; words of any kind; a FIFO for the log" {
	local odd=$'it\'s, "a" \\ $x *\n'
	mkdir "$odd.d" "$TMPDIR/a, b"
	cd "$odd.d"
	export TMPDIR="$TMPDIR/a, b"
	echo in >"$odd"
	mkfifo log
	cat log >../log 3>&- &
	run -0 vm --dmesg log --with "$odd" -- sh -c 'cat "$1" >"./-$1"; printf %s "$1"' sh "$odd"
	wait
	[ "$output" = "${odd%?}" ] || [ "$output" = "$odd" ]
	[ "$(cat "./-$odd")" = in ]
	[ -p log ] && grep -q 'Linux version' ../log
}
