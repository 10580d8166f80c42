#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/selftest judges right what guests say: here a guest that only prints
# what a test wants it to say, and ends with the status that it wants.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	export VM=$BATS_TEST_TMPDIR/vm SAYS=$BATS_TEST_TMPDIR/says STATUS=0
	cat >"$VM" <<-'SH'
		#!/bin/sh
		cat "$SAYS"
		exit "$STATUS"
	SH
	chmod +x "$VM"
}

# What the runner in the guest prints before the programs.
guest_says() {
	printf '%s\n' 'KTAP version 1' '# kernel 1.2.3' '1..1' "$@" >"$SAYS"
}

# A foreign kernel expects nothing; it needs no build either.
foreign() { run scripts/selftest --kernel debian:1.2 "$@"; echo "$output"; }
own() { run scripts/selftest --fuse "$@"; echo "$output"; }

green=('    KTAP version 1' '    ok 1 first' '    ok 2 second' '    1..2')
red=('    KTAP version 1' '    ok 1 first' '    not ok 2 second: 3' '    1..2')

@test "green is ok, with the number of checks" {
	guest_says "${green[@]}" 'ok 1 dentries'
	own hardened dentries
	[ "$status" = 0 ]
	[[ $output == *$'\n1..2\n'* ]]
	[[ $output == *"ok 1 - dentries: 2 checks"* ]]
	[[ $output == *"ok 2 - guest"* ]]
}

@test "red is not ok" {
	guest_says "${red[@]}" 'not ok 1 dentries # status 1'
	own hardened dentries
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - dentries: 1 of 2 checks fail"* ]]
}

@test "red where it must be is ok" {
	guest_says "${red[@]}" 'not ok 1 payload # status 1'
	own v8 payload
	[ "$status" = 0 ]
	[[ $output == *"ok 1 - payload is red as expected: 1 of 2 checks fail"* ]]
}

@test "green where it must be red is not ok" {
	guest_says "${green[@]}" 'ok 1 payload'
	own v8 payload
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - payload"*"lost its bite"* ]]
}

@test "where a test names a kernel it means each variant of that" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	guest_says "${red[@]}" 'not ok 1 inval_wq # status 1'
	own 7.3/reask inval_wq
	[ "$status" = 0 ]
	[[ $output == *"ok 1 - inval_wq is red as expected: 1 of 2 checks fail"* ]]
	guest_says "${red[@]}" 'not ok 1 herd # status 1'
	own 7.3/mainline herd
	[ "$status" = 0 ]
	[[ $output == *"ok 1 - herd is red, as it may be: 1 of 2 checks fail"* ]]
	own 7.3/fixes herd
	[ "$status" = 1 ]
	guest_says '1..0 # SKIP not supported: x' 'ok 1 shrink # SKIP not supported: x'
	run scripts/selftest kernel/patches/7.3/fixes.series shrink
	[ "$status" = 0 ]
}

@test "a crash is never red as expected" {
	guest_says '    ok 1 first' '    not ok 2 second' \
		'not ok 1 payload # status 139'
	own v8 payload
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - payload: status 139"* ]]
}

@test "a program that hangs, or that says less than it planned, is not ok" {
	guest_says "${green[@]}" 'not ok 1 dentries # hung: stood still for 60 s'
	foreign dentries
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - dentries: hung"* ]]
	guest_says '    ok 1 first' '    1..2' 'ok 1 dentries'
	foreign dentries
	[ "$status" = 1 ]
	guest_says '    ok 1 first' 'ok 1 dentries'
	foreign dentries
	[ "$status" = 1 ]
	[[ $output == *"planned: none"* ]]
}

@test "a control that fails is never red as expected, nor a hazard" {
	guest_says '    not ok 1 control: first: 0, not 1' '    not ok 2 second' \
		'    1..2' 'not ok 1 payload # status 1'
	own v8 payload
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - payload: a control fails: first: 0, not 1"* ]]
	foreign --json "$BATS_TEST_TMPDIR/json" payload
	[ "$status" = 1 ]
	run jq -r 'select(.test == "payload") | .outcome, .reason' \
		"$BATS_TEST_TMPDIR/json"
	[ "$output" = $'fail\na control fails: first: 0, not 1' ]
}

@test "a control that fails in a guest that was too slow: tried again in another" {
	guest_says '    not ok 1 control: in time' '    1..1' 'not ok 1 dentries # status 1'
	mv "$SAYS" "$SAYS.once"
	guest_says "${green[@]}" 'ok 1 dentries'
	cat >"$VM" <<-'SH'
		#!/bin/sh
		cat "$SAYS.once" 2>/dev/null && rm "$SAYS.once" || cat "$SAYS"
	SH
	own hardened dentries
	[ "$status" = 0 ]
	[[ $output == *"# dentries: a control fails: in time: tried again"*"ok 1 - dentries: 2 checks"* ]]
	[[ $output == *$'\nok 2 - guest'* && $output != *"ok 3"* ]]
	# One that dies then hides nothing.
	guest_says '    not ok 1 control: in time' '    1..1' 'not ok 1 dentries # status 1'
	mv "$SAYS" "$SAYS.once"
	: >"$SAYS"
	own hardened dentries
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - dentries: the guest died before it ended"* ]]
}

skips() { # reason, test
	guest_says "    1..0 # SKIP $1" "ok 1 $2 # SKIP $1"
}

@test "what isn't supported is skipped, where the test or stock says so" {
	skips 'not supported: no such thing' shrink
	own v8 shrink
	[ "$status" = 0 ]
	[[ $output == *"ok 1 - shrink # SKIP not supported: no such thing"* ]]
	own stock shrink
	[ "$status" = 0 ]
	skips 'not supported: no such thing' superblocks
	own hardened superblocks
	[ "$status" = 0 ]
}

@test "any other SKIP of a variant of ours is not ok" {
	skips 'not supported: no such thing' shrink
	own shrink shrink
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - shrink: skipped, but shrink should have"*"no such thing"* ]]
	skips 'not supported: no such thing' dentries
	own v8 dentries
	[ "$status" = 1 ]
	skips 'too few CPUs' pairs
	own stock pairs
	[ "$status" = 1 ]
	foreign pairs
	[ "$status" = 0 ]
}

@test "a SKIP or a Bail out! after checks is not ok" {
	guest_says '    not ok 1 first' '    1..0 # SKIP not supported: no such thing' \
		'ok 1 shrink # SKIP not supported: no such thing'
	own v8 shrink
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - shrink: SKIP not supported: no such thing after 1 checks"* ]]
	guest_says '    not ok 1 first' '    Bail out! no such thing' \
		'not ok 1 payload # status 1'
	own v8 payload
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 - payload: Bail out! no such thing"* ]]
	# Or prove would end all that runs beside it.
	! grep -q '^ *Bail out!' <<<"$output"
}

@test "each of several boots must be as expected, and all are recorded" {
	guest_says "${red[@]}" 'not ok 1 dentries # status 1'
	mv "$SAYS" "$SAYS.later"
	guest_says "${green[@]}" 'ok 1 dentries'
	# Green in the first boot, red from then on.
	sed -i 's/^exit/cp "$SAYS.later" "$SAYS"\n&/' "$VM"
	own hardened --boots 3 --json "$BATS_TEST_TMPDIR/json" dentries
	[ "$status" = 1 ]
	[[ $output == *$'\n1..6\n'* ]]
	[[ $output == *$'\nok 1 - dentries'*$'\nok 2 - guest'*", boot 1 of 3: "* ]]
	[[ $output == *$'\nnot ok 5 - dentries'*$'\nok 6 - guest'*", boot 3 of 3: "* ]]
	run jq -r '[.test, .outcome, .boots] | map(tostring) | join(" ")' \
		"$BATS_TEST_TMPDIR/json"
	echo "$output"
	[ "$output" = $'dentries pass 1\nguest pass 3\ndentries fail 2' ]
	run scripts/selftest --boots 0 dentries
	[ "$status" = 2 ]
}

@test "a guest that dies takes the tests that hadn't ended with it" {
	guest_says "${green[@]}" 'ok 1 dentries' '    ok 1 first'
	STATUS=1 foreign dentries messages
	[ "$status" = 1 ]
	[[ $output == *"ok 1 - dentries: hazard absent, 2 checks hold"* ]]
	[[ $output == *"not ok 2 - messages: the guest died before it ended"* ]]
	[[ $output == *"not ok 3 - guest"* ]]
}

@test "a guest that complains after all is well is not ok" {
	guest_says "${green[@]}" 'ok 1 dentries'
	STATUS=1 own hardened dentries
	[ "$status" = 1 ]
	[[ $output == *"ok 1 - dentries: 2 checks"* ]]
	[[ $output == *"not ok 2 - guest"* ]]
}

@test "of another kernel nothing is expected, and all is recorded" {
	guest_says "${red[@]}" 'not ok 1 dentries # status 1'
	foreign --json "$BATS_TEST_TMPDIR/json" dentries
	[ "$status" = 0 ]
	[[ $output == *"ok 1 - dentries: hazard present, 1 of 2 checks fail"* ]]
	run jq -r 'select(.test == "dentries") | [.schema, .kernel, .variant,
		.outcome, .boots, .checks, .failed[], .reason] | map(tostring) |
		join("|")' "$BATS_TEST_TMPDIR/json"
	echo "$output"
	[ "$output" = "1|1.2.3|null|fail|1|2|second: 3|null" ]
}

# A signal of the program before once ended the wait for the FIFO's other end: the
# next had no reader, and hung, within 20 programs.
@test "200 programs that end at once are heard, each of them" {
	local top=$PWD list=() i
	cp kernel/selftests/run "$BATS_TEST_TMPDIR/run"
	cd "$BATS_TEST_TMPDIR"
	printf '#!/bin/sh\necho 1..1\necho ok 1 - heard\n' >short
	chmod +x short
	for ((i = 0; i < 200; i++)); do
		list+=(./short)
	done
	run "$top/scripts/vm" --timeout 100 -- ./run 60 "${list[@]}" 3>&-
	echo "status $status, the last: ${lines[-1]}"
	[ "$status" = 0 ]
	[ "$(grep -c '^ok [0-9]* short' <<<"$output")" = 200 ]
	[ "$(grep -c '^    ok 1 - heard' <<<"$output")" = 200 ]
}

@test "who computes doesn't hang, who stands still does" {
	local top=$PWD
	cp kernel/selftests/run "$BATS_TEST_TMPDIR/run"
	cd "$BATS_TEST_TMPDIR"
	printf '#!/bin/sh\nsecond() { date +%%s; }\nstart=$(second)\n' >computes
	printf 'until [ $(second) -gt $((start + 5)) ]; do :; done\necho 1..0\n' >>computes
	printf '#!/bin/sh\nsleep 1000\n' >stands
	chmod +x computes stands
	run "$top/scripts/vm" --limit 100 -- ./run 3 ./computes ./stands 3>&-
	echo "$output"
	[[ $output == *"ok 1 computes"*"not ok 2 stands # hung: stood still for 3 s"* ]]
	[[ $output != *"not ok 1"* ]]
}
