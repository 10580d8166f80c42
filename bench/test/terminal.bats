#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Tables in files, in pipes, and on terminals of any width.

load lib.bash

setup() {
	cd "$top"
	unset NO_COLOR
	export TERM=xterm LC_ALL=C.UTF-8
	quick=results/reference/quick.jsonl
}

# prints: what epochbench writes into a pipe; slower (3) is no failure.
prints() {
	"$bench" "$@" || [ $? = 3 ]
}

# on_terminal COLUMNS ARGUMENT...: what epochbench writes to a terminal.
on_terminal() {
	local columns=$1 command
	shift
	printf -v command '%q ' "$bench" "$@"
	script -qec "stty cols $columns; $command" /dev/null </dev/null | tr -d '\r'
}

plain() {
	sed 's/\x1b\[[0-9]*m//g'
}

words() {
	plain | grep -oE '[^ ]+' | sort -u
}

# Only tables, which begin with bold titles: text has a width of its own.
tables() {
	sed -n '/^\x1b\[1m/,/^$/p' | plain
}

# all_of_it COLUMNS ARGUMENT...: no table is wider, and with --wide no word is missing or cut;
# with a control: without a terminal there is a line of a table that is wider.
all_of_it() {
	local columns=$1
	local wider="^.{$((columns + 1))}"
	shift
	prints "$@" >"$BATS_TEST_TMPDIR/piped"
	diff "$BATS_TEST_TMPDIR/piped" <(on_terminal 1000 "$@" | plain)
	on_terminal 1000 "$@" | tables | grep -qE "$wider"
	on_terminal "$columns" "$@" --wide >"$BATS_TEST_TMPDIR/seen"
	expect "too long" "$(tables <"$BATS_TEST_TMPDIR/seen" | grep -E "$wider")" ""
	diff <(words <"$BATS_TEST_TMPDIR/piped") <(words <"$BATS_TEST_TMPDIR/seen")
}

@test "what isn't a terminal gets whole lines, without colour" {
	prints report results/reference/quick.jsonl >"$BATS_TEST_TMPDIR/text"
	if grep -F $'\e' "$BATS_TEST_TMPDIR/text"; then return 1; fi
	grep -xE 'epoch +2.67 us +3.77 ms .* 1001 +0 +1001 +15' "$BATS_TEST_TMPDIR/text"
	prints report results/reference/quick.jsonl | diff "$BATS_TEST_TMPDIR/text" -
}

@test "report: with -w it fits the terminal, and nothing is missing" {
	all_of_it 80 report results/reference/quick.jsonl
	all_of_it 80 report -v results/reference/vm.jsonl
}

@test "compare and gate: the same" {
	all_of_it 80 compare --cpu results/reference/slower.jsonl
	all_of_it 60 gate results/baseline/insns.jsonl results/baseline/insns.jsonl
}

@test "hazards and workloads: the same" {
	all_of_it 80 hazards results/reference/hazards.jsonl
	all_of_it 80 report results/reference/workload.jsonl
}

# fits COLUMNS ARGUMENT...: no line of it is wider, each table has one strip, and each
# word of a title is in it or in the line below.
fits() {
	local columns=$1
	shift
	on_terminal "$columns" "$@" | plain >"$BATS_TEST_TMPDIR/seen"
	expect "too long" "$(grep -vE '^(To see it|  )' "$BATS_TEST_TMPDIR/seen" |
		grep -E "^.{$((columns + 1))}")" ""
	expect "tables of $*" "$(on_terminal "$columns" "$@" | grep -c $'^\e\\[1m[^ ]')" \
		"$(on_terminal 1000 "$@" | grep -c $'^\e\\[1m[^ ]')"
	grep -q '^Left out: ' "$BATS_TEST_TMPDIR/seen"
	expect "not said" "$(comm -23 \
		<(on_terminal 1000 "$@" | sed -n 's/^\x1b\[1m//p' | words | tr -d '(,' | sort -u) \
		<(words <"$BATS_TEST_TMPDIR/seen" | tr -d '(,' | sort -u))" ''
}

@test "fewer columns where it is narrow, and a line that says which are left out" {
	fits 80 report "$quick"
	fits 60 report -v "$quick"
	fits 80 report --trend results/history.jsonl
	fits 80 report results/reference/workload.jsonl
	fits 80 compare results/reference/slower.jsonl
	fits 60 gate results/baseline/insns.jsonl results/baseline/insns.jsonl
	fits 80 hazards results/reference/hazards.jsonl
}

@test "what matters stays: who pays, what tells rows apart, the verdict" {
	on_terminal 80 report "$quick" | plain |
		grep -x 'method  *notify  first touch  re-walk  *total  .*LOOKUP'
	on_terminal 60 compare results/reference/slower.jsonl | plain |
		grep -x 'phase  *base  *new  *change  *p  verdict'
	on_terminal 80 report results/reference/workload.jsonl | plain |
		grep -x 'method  *scope  *rate  of control  .*p99  *stall  stale'
	# Which has only variants of fuse.ko to tell them apart.
	on_terminal 30 report results/reference/vm.jsonl | plain | grep '^fuse  *method'
}

@test "--columns names them, also in a pipe and in Markdown" {
	prints report --columns total,lookup "$quick" >"$BATS_TEST_TMPDIR/text"
	grep -x 'method  *total  LOOKUP' "$BATS_TEST_TMPDIR/text"
	grep -x 'epoch_shrink  *skipped: not offered by this kernel' "$BATS_TEST_TMPDIR/text"
	diff "$BATS_TEST_TMPDIR/text" <(on_terminal 100 report --columns total,lookup "$quick" |
		plain)
	if grep 'Left out' "$BATS_TEST_TMPDIR/text"; then return 1; fi
	prints report --columns first-touch,vs_rival -f markdown "$quick" |
		grep -xF '| method | first touch | vs rival |'
	prints hazards --columns working-directory-EIO results/reference/hazards.jsonl |
		grep -x 'method  *kernel  *working directory, EIO'
	prints gate --columns outcome results/baseline/insns{,}.jsonl | grep -x 'fuse  *operation'
	# A table that has none of them is as ever.
	prints report -v --columns mad "$quick" | grep -x 'method  *notify .* FORGET  runs'
	on_terminal 40 report --columns notify,total,min,FORGET "$quick" | plain |
		grep -x 'method  *min  FORGET'
}

@test "a column that isn't there: 2, the list, and nothing else" {
	local status
	refuses() {
		status=0
		"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
		expect "status of $*" "$status" 2
		expect "stdout of $*" "$(<"$BATS_TEST_TMPDIR/out")" ''
	}
	has() { grep -F -- "$1" "$BATS_TEST_TMPDIR/err"; }
	refuses "$bench" report --columns total,frob "$quick"
	has "epochbench: report: no column is called 'frob': there are method, notify, "
	refuses "$bench" compare --columns frob results/reference/slower.jsonl
	has ', p, verdict'
	refuses "$bench" gate --columns frob results/baseline/insns{,}.jsonl
	has ': there are fuse, operation, insns, '
	refuses "$bench" hazards --columns frob results/reference/hazards.jsonl
	has ': there are I have, may use, in some cases, may not, method, '
	refuses "$bench" workload --columns frob
	has ', stale, '
	refuses "$build/epochctl" list --columns frob
	has ', WAITING, MOUNT'
	refuses "$build/epochctl" list --json --columns mount
	refuses "$bench" report -j --columns total "$quick"
	has 'this is no table'
	refuses "$bench" report -f html --columns total "$quick"
	refuses "$bench" report --columns total, "$quick"
	has 'a name is missing'
}

@test "run: the same, before anything is measured" {
	[ "$(id -u)" = 0 ] && [ -c /dev/fuse ] || skip "needs root and /dev/fuse"
	local status=0
	timeout 60 "$bench" run -n 1k -m none --columns frob 2>"$BATS_TEST_TMPDIR/err" || status=$?
	expect status "$status" 2
	grep "no column is called 'frob': there are method, notify, " "$BATS_TEST_TMPDIR/err"
}

@test "verdicts have a colour on a terminal, and their word everywhere" {
	local color
	on_terminal 80 compare results/reference/slower.jsonl | grep -F $'\e[33mundecided\e['
	on_terminal 80 report "$quick" | grep -F $'\e[33mskipped: '
	prints compare --color=always results/reference/slower.jsonl |
		grep -F $'\e[33mundecided\e['
	for color in --color --color=always; do
		NO_COLOR=1 prints compare "$color" results/reference/slower.jsonl |
			grep -F $'\e[33m'
	done
	on_terminal 1000 compare --color=never results/reference/slower.jsonl |
		diff - <(prints compare --color=auto results/reference/slower.jsonl)
	status=0
	"$bench" compare --color=loud x 2>"$BATS_TEST_TMPDIR/err" || status=$?
	expect status "$status" 2
}

@test "slower and worse are red, faster and better green, a hazard red" {
	# times FACTOR: the new side, so many times as slow.
	times() {
		jq -c "if .side == \"new\" then .phases |= map_values(.ns |=
			map(. * $1 | floor)) else . end" results/reference/slower.jsonl
	}
	times 9 >"$BATS_TEST_TMPDIR/slow.jsonl"
	prints compare --color "$BATS_TEST_TMPDIR/slow.jsonl" | grep -F $'\e[31mslower'
	times 0.1 >"$BATS_TEST_TMPDIR/fast.jsonl"
	prints compare --color "$BATS_TEST_TMPDIR/fast.jsonl" | grep -F $'\e[32mfaster'
	jq -c 'if (.fuse // "") | startswith("v8") then 
		.insns += 50000 | .upper_insns += 50000 | .functions.more += 50000 else . end' \
		results/baseline/insns.jsonl >"$BATS_TEST_TMPDIR/more.jsonl"
	prints gate --color results/baseline/insns.jsonl "$BATS_TEST_TMPDIR/more.jsonl" |
		grep -F $'\e[31mWORSE'
	prints gate --color "$BATS_TEST_TMPDIR/more.jsonl" results/baseline/insns.jsonl |
		grep -F $'\e[32mbetter'
	prints hazards --color -m epoch --only submount results/reference/hazards.jsonl |
		grep -F $'\e[31m'
	if prints hazards --color -m none --only submount results/reference/hazards.jsonl |
		grep -F $'\e[31m'; then return 1; fi
}

@test "a line for each group that is done where there is no terminal, a bar where there is" {
	[ "$(id -u)" = 0 ] && [ -c /dev/fuse ] || skip "needs root and /dev/fuse"
	local run=(run -n "100,200" -m "none,inval_entry" -r 2)
	local time='[0-9.]* s'
	"$bench" "${run[@]}" >/dev/null 2>"$BATS_TEST_TMPDIR/err"
	grep -xE "epochbench: 1 of 2 done: invalidate, wide, 100 names \($time(, ETA 0:[0-9]*)?\)" \
		"$BATS_TEST_TMPDIR/err"
	grep -xE "epochbench: 2 of 2 done: invalidate, wide, 200 names \($time\)" \
		"$BATS_TEST_TMPDIR/err"
	expect lines "$(grep -c ' done: ' "$BATS_TEST_TMPDIR/err")" 2
	if grep -F $'\r' "$BATS_TEST_TMPDIR/err"; then return 1; fi
	# Its table comes then, and not once more at the end.
	"$bench" "${run[@]}" 2>&1 | grep -oE ' of 2 done|wide, [0-9]+ names, pop|^Run|^Each' |
		paste -sd '|' >"$BATS_TEST_TMPDIR/seen"
	expect order "$(cat "$BATS_TEST_TMPDIR/seen")" \
		" of 2 done|wide, 100 names, pop| of 2 done|wide, 200 names, pop|Run|Each"
	# But for records on stdout, and where a table has both.
	"$bench" "${run[@]}" -o - 2>/dev/null | jq -e .schema >/dev/null
	"$bench" run -n 100,200 -r 1 -c populate 2>&1 | grep -oE ' of 2 done|^Fill|^Run' |
		paste -sd '|' >"$BATS_TEST_TMPDIR/seen"
	expect order "$(cat "$BATS_TEST_TMPDIR/seen")" " of 2 done| of 2 done|Fill|Run"
	# One group: the tables follow at once.
	if "$bench" run -n 100 -m none -r 1 2>&1 >/dev/null | grep ' done: '; then return 1; fi
	script -qec "$(printf '%q ' "$bench" "${run[@]}")" /dev/null </dev/null \
		>"$BATS_TEST_TMPDIR/seen"
	grep -qF $'\r\e[K[' "$BATS_TEST_TMPDIR/seen"
	if grep ' done: ' "$BATS_TEST_TMPDIR/seen"; then return 1; fi
	"$bench" hazards -m none --only submount,bound 2>&1 >/dev/null |
		grep -c ' of 2 done: ' | grep -x 2
	# Whose programs get a clean environment, without TERM.
	run=(workload -w find -m epoch --rate 10 -r 2 --tree "$top/bench/test")
	"$bench" "${run[@]}" 2>&1 >/dev/null | grep -c ' of 2 done: round ' | grep -x 2
	on_terminal 80 "${run[@]}" >"$BATS_TEST_TMPDIR/seen"
	grep -F '[K[' "$BATS_TEST_TMPDIR/seen"
	if grep ' done: ' "$BATS_TEST_TMPDIR/seen"; then return 1; fi
}

@test "bold titles, but with NO_COLOR and on a dumb terminal" {
	on_terminal 80 report results/reference/quick.jsonl | grep -F $'\e[1mmethod '
	for no in NO_COLOR=1 TERM=dumb; do
		export "${no?}"
		on_terminal 80 report results/reference/quick.jsonl >"$BATS_TEST_TMPDIR/seen"
		if grep -F $'\e' "$BATS_TEST_TMPDIR/seen"; then return 1; fi
		grep '^method ' "$BATS_TEST_TMPDIR/seen"
		unset NO_COLOR
	done
}
