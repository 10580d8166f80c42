#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Tables in files, in pipes, and on terminals of any width.

load lib.bash

setup() {
	cd "$top"
	unset NO_COLOR
	export TERM=xterm LC_ALL=C.UTF-8
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

# all_of_it COLUMNS ARGUMENT...: no table is wider, and no word is missing or cut;
# with a control: without a terminal there is a line of a table that is wider.
all_of_it() {
	local columns=$1
	local wider="^.{$((columns + 1))}"
	shift
	prints "$@" >"$BATS_TEST_TMPDIR/piped"
	diff "$BATS_TEST_TMPDIR/piped" <(on_terminal 1000 "$@" | plain)
	on_terminal 1000 "$@" | tables | grep -qE "$wider"
	on_terminal "$columns" "$@" >"$BATS_TEST_TMPDIR/seen"
	expect "too long" "$(tables <"$BATS_TEST_TMPDIR/seen" | grep -E "$wider")" ""
	diff <(words <"$BATS_TEST_TMPDIR/piped") <(words <"$BATS_TEST_TMPDIR/seen")
}

@test "what isn't a terminal gets whole lines, without colour" {
	prints report results/reference/quick.jsonl >"$BATS_TEST_TMPDIR/text"
	if grep -F $'\e' "$BATS_TEST_TMPDIR/text"; then return 1; fi
	grep -xE 'epoch +2.67 us +3.77 ms .* 1001 +0 +1001 +15' "$BATS_TEST_TMPDIR/text"
	prints report results/reference/quick.jsonl | diff "$BATS_TEST_TMPDIR/text" -
}

@test "report: it fits the terminal, and nothing is missing" {
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
