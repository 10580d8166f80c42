#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Bad input: a clear message, exit status 2, nothing touched.

load lib.bash

# refused TEXT ARGUMENT...: status 2, and the message has TEXT.
refused() {
	local text=$1
	shift
	run "$bench" "$@"
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == *"$text"* ]]
}

@test "no command, an unknown command" {
	refused Usage
	refused "no command 'frob'" frob
}

@test "unknown method, case, shape, suite, opcode" {
	refused "no method is called 'frob'" run -m epoch,frob
	refused "at least one method" run -m ''
	refused "at least one method" run -m ,
	refused "no case is called 'frob'" run -c frob
	refused "no shape is called 'frob'" run -s frob
	refused "no suite is called 'frob'" run --suite frob
	refused "cannot populate by 'frob'" run -p frob
	refused "is no delay" run --delay FROB=1ms
	refused "is no delay" run --delay LOOKUP=fast
	refused "is no delay" run --delay LOOKUP
}

@test "sizes that are none" {
	local bad
	for bad in 0 -5 1e99 1k,0 x '' 1.5 0x10 99999999999999999999 '1k,' inf nan \
		' 5' 5G; do
		refused "-n '" run -n "$bad"
	done
}

@test "runs, threads and CPUs that are none" {
	refused "-r '0'" run -r 0
	refused "-r 'x'" run -r x
	refused "-t '65'" run -t 65
	refused "CPU 1000 is not available" run --cpus 1000
	refused "no list of CPUs" run --cpus a
	refused "what is 'frob'" run frob
	refused "plan of its own" run --suite quick -n 5
}

@test "more names than fit into memory: needed, available, what would fit" {
	need_mount
	refused "the largest that fits is -n " run -n 4000M -m none
	refused "available" run -n 1k,4000M -m none
}

@test "nearly the largest that is said to fit is taken" {
	need_mount
	run "$bench" run -n 4000M -m none
	local n=${output##*-n }
	n=$((n - n / 20)) # what is available may change in between
	run "$bench" run -n "$n" -m none -o /nonexistent/x
	echo "$output"
	[[ $output == *"cannot write"* ]]
}

@test "output that can't be written" {
	need_mount
	refused "cannot write /nonexistent/x.jsonl" run -n 5 -m none \
		-o /nonexistent/x.jsonl
	refused "cannot write $BATS_TEST_TMPDIR" run -n 5 -m none \
		-o "$BATS_TEST_TMPDIR"
}

@test "a mount point that is in use, or none" {
	need_mount
	mkdir -p "$BATS_TEST_TMPDIR/full/x"
	refused "in use" run -n 5 -m none --mountpoint "$BATS_TEST_TMPDIR/full"
	refused "in use: something is mounted" run -n 5 -m none --mountpoint /proc
	refused "No such file" run -n 5 -m none --mountpoint /nonexistent
	refused "not a directory" run -n 5 -m none --mountpoint /etc/passwd
}

@test "a mount point of the user's is used, and stays" {
	need_mount
	mkdir "$BATS_TEST_TMPDIR/mnt"
	"$bench" run -n 5 -m none -r 1 --mountpoint "$BATS_TEST_TMPDIR/mnt"
	[ -d "$BATS_TEST_TMPDIR/mnt" ]
	! grep "$BATS_TEST_TMPDIR" /proc/self/mounts
}

@test "where no tree fits into memory, none is named" {
	need_mount
	sed '/^MemAvailable:/s/ [0-9]\+ / 102400 /' /proc/meminfo \
		>"$BATS_TEST_TMPDIR/meminfo"
	run unshare -m sh -c 'mount --bind "$0" /proc/meminfo && exec "$@"' \
		"$BATS_TEST_TMPDIR/meminfo" "$bench" run -n 5 -m none
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == *"105 MB are available; none fit, as 537 MB stay free beside"* ]]
}

# refused_for TEXT COMMAND...: by all that mount, before anything else.
refused_for() {
	local text=$1 args
	shift
	for args in "run -n 5 -m none" "hazards --only submount" \
		"workload --tree $top/bench/lib"; do
		# shellcheck disable=SC2086 # several words
		run "$@" "$BATS_TEST_TMPDIR/epochbench" $args
		echo "$args: $output"
		[ "$status" = 77 ]
		[[ $output == *"$text"* ]]
	done
}

@test "no root" {
	[ "$(id -u)" != 0 ] || command -v setpriv || skip "needs setpriv"
	# The sanitizers' own start-up may need more than nobody has.
	cp "$bench" "$BATS_TEST_TMPDIR/epochbench"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/epochbench"
	chmod o+x "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR/test"
	if [ "$(id -u)" = 0 ]; then
		refused_for "needs root" setpriv --reuid 65534 --clear-groups
		refused_for "run with CAP_SYS_ADMIN, which root lacks here" \
			setpriv --bounding-set=-sys_admin --inh-caps=-all
	else
		refused_for "needs root"
	fi
}

@test "no /dev/fuse" {
	need_mount
	# A mount namespace of its own, where /dev is empty.
	run unshare -m sh -c 'mount -t tmpfs none /dev && exec "$0" run -n 5' \
		"$bench"
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"no usable /dev/fuse"* ]]
}

@test "report refuses a damaged and a foreign line with file and line" {
	need_mount
	measure -n 5 -m none,expire_entry -r 1
	"$bench" report "$rec" >/dev/null
	head -c -20 "$rec" >"$BATS_TEST_TMPDIR/cut.jsonl"
	refused "cut.jsonl:2: " report "$BATS_TEST_TMPDIR/cut.jsonl"
	{ head -1 "$rec"; echo '{"a":1}'; } >"$BATS_TEST_TMPDIR/foreign.jsonl"
	refused "foreign.jsonl:2: " report "$BATS_TEST_TMPDIR/foreign.jsonl"
	refused "nonexistent" report /nonexistent
}

@test "list" {
	run "$bench" list
	[ "$status" = 0 ]
	[[ $output == *inval_entry* ]]
}

@test "--trace where tracing is refused: says what is missing, leaves nothing" {
	need_mount
	local rec=$BATS_TEST_TMPDIR/none.jsonl
	run "$bench" run --trace -n 5 -m none -r 1 -o "$rec"
	[ "$status" != 0 ] || skip "it isn't refused here: scripts/test/bench.bats traces"
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == "epochbench: --trace: "*"trace-demo"* ]]
	[ ! -e "$rec" ]
	expect_nothing_left
}
