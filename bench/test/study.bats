#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/study measures results/STUDY.md again: with steps that only copy records.

load lib

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR"
	export TMPDIR=$PWD/tmp
	mkdir tmp
	command -v jq >/dev/null || skip "no jq here"
	[ -x "$bench" ] || skip "no $bench here"
	: >steps.tsv
}

# step NAME RECORD COMMAND: of the record that is committed.
step() { printf '%s\tresults/reference/%s.jsonl\t7\t%s\n' "$1" "$2" "$3" >>steps.tsv; }

# shellcheck disable=SC2120 # by run
study() { "$top/scripts/study" --steps steps.tsv -o out "$@"; }

# same NAME RECORD: a step that measures just what is committed, and says that it ran.
same() { step "$1" "$2" "echo $1 >>$PWD/ran; cp results/reference/$2.jsonl {}"; }

# A zombie has.
ended() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }

nothing_left() {
	expect "in the folder of temporary files" "$(ls tmp)" ''
	expect "beside the records" "$(find out -name '.*' -mindepth 1)" ''
}

@test "what has ended isn't run again; what failed, and what is torn, is" {
	same kept scale-10M
	step failing pages "echo oops; [ -e $PWD/mended ] && cp results/reference/pages.jsonl {}"
	run -1 --separate-stderr study
	[[ $stderr == *"[1/2] kept: "*" to go"*"oops"*"failing failed with status 1"* ]]
	[ -s out/scale-10M.jsonl ]
	[ ! -e out/pages.jsonl ]
	touch mended
	run -0 --separate-stderr study
	expect stdout "$output" "nothing moved beyond its interval"
	[[ $stderr == *"kept has ended before"* ]]
	expect "ran" "$(cat ran)" kept
	# Torn: half a line, as a full disk leaves it.
	head -c 300 "$top/results/reference/scale-10M.jsonl" >out/scale-10M.jsonl
	run -0 study
	expect "ran" "$(cat ran)" $'kept\nkept'
	cmp out/scale-10M.jsonl "$top/results/reference/scale-10M.jsonl"
	# Another command is another step.
	: >steps.tsv
	same kept scale-10M
	sed -i 's/; cp/ ; cp/' steps.tsv
	run -0 study
	expect "ran" "$(cat ran)" $'kept\nkept\nkept'
	nothing_left
}

@test "what moved beyond its interval is marked, and is status 3; what didn't isn't" {
	# A time by a hundredth: within the interval of two samples.
	step near scale-10M "jq -c '.phases.first_touch.ns |= map(. * 101 / 100)' results/reference/scale-10M.jsonl >{}"
	run -0 --separate-stderr study
	expect stdout "$output" "nothing moved beyond its interval"
	run -1 grep -F '(was' out/STUDY.md
	# Half as long again; and a single FORGET.
	step far scale-links-50M "jq -c '.phases.first_touch.ns |= map(. * 3 / 2)' results/reference/scale-links-50M.jsonl >{}"
	step count quick "jq -c 'if .n == 1000 and .method == \"epoch\" then .phases.total.ops.FORGET |= map(. + 1) else . end' results/reference/quick.jsonl >{}"
	run -3 --separate-stderr study
	[[ $output == *"## What does a bump cost"*"| **1002** (was 1001) |"* ]]
	[[ $output == *"## How does it grow"*"| 50M | links | "*"(was 46.6"* ]]
	[[ $output != *"10M | wide |"* ]]
	grep -qF '| **1002** (was 1001) |' out/STUDY.md
	# The links of that page lead somewhere.
	grep -o '](\.\.[^)#]*' out/STUDY.md | cut -c 3- | sort -u >links
	[ -s links ]
	(cd out && while read -r one; do [ -e "$one" ] || exit 1; done <../links)
	# The committed page says nothing of it.
	run -1 grep -F '(was' "$top/results/STUDY.md"
}

@test "an interval is no wider than the samples, and no number is in none" {
	jq -L "$top/scripts/tables.jq" -en 'include "study_lib";
		([range(1; 16)] | number("a"; "time")) as $fifteen |
		([range(1; 10)] | number("a"; "time")) as $nine |
		([3, 1, 2] | number("a"; "time")) as $three |
		([100] | number("a"; "time")) as $one | ([100] | number("a"; "count")) as $count |
		[$fifteen.from, $fifteen.to, $nine.from, $nine.to] == [4, 12, 2, 8] and
		[$three.from, $three.value, $three.to] == [1, 2, 3] and
		[$one.from, $one.to] == [90, 110.00000000000001] and [$count.from, $count.to] == [100, 100] and
		([10, 11, 12] | number("a"; "time") | moved([12, 13, 14] | number("a"; "time")) | not) and
		([10, 11, 12] | number("a"; "time") | moved([12.1, 13, 14] | number("a"; "time"))) and
		([4] | number("a"; "count") | moved([5] | number("a"; "count")))'
}

@test "stopped, it leaves nothing behind, and goes on" {
	same first scale-10M
	step long pages "echo \$\$ >$PWD/pid; [ -e $PWD/mended ] || exec tail -f /dev/null; cp results/reference/pages.jsonl {}"
	# Not by the shell, which has its children in the background ignore SIGINT.
	env --default-signal=INT "$top/scripts/study" --steps steps.tsv -o out >said 2>&1 3>&- &
	local pid=$! worker status=0
	until_true 60 test -s pid
	worker=$(cat pid)
	kill -INT "$pid"
	wait "$pid" || status=$?
	expect status "$status" 130
	until_true 10 ended "$worker"
	nothing_left
	[ ! -e out/pages.jsonl ]
	touch mended
	run -0 study
	expect "ran" "$(cat ran)" first
}

@test "on a terminal it shows how far it is" {
	command -v script >/dev/null || skip "no script(1) here"
	step slow scale-10M "until grep -q 'slow: ' $PWD/seen; do sleep 0.1; done; cp results/reference/scale-10M.jsonl {}"
	same second pages
	SHELL=/bin/bash run -0 script -qfec "$(printf '%q ' "$top/scripts/study" --steps steps.tsv -o out)" seen
	[[ $output == *"[1/2] slow: 0 s of 7 s, then 7 s to go"* ]]
}

@test "steps that are none, or can't be run, are said" {
	run -2 study
	[[ $output == *"it has no steps"* ]]
	same first scale-10M
	run -2 study --only second
	[[ $output == *"no step is called 'second'"* ]]
	run -0 study --list
	[[ $output == "first "*"7 s"*"scale-10M.jsonl"*"cp results/reference/scale-10M.jsonl {}" ]]
	[ ! -e out ]
	printf 'bad\t/etc/passwd\t1\tcp {} {}\n' >>steps.tsv
	run -2 study
	[[ $output == *"this is no step: bad"* ]]
	: >steps.tsv
	step refused pages 'echo "needs a moon"; : {}; exit 77'
	run -77 study
	[[ $output == *"refused can't be run here: needs a moon"* ]]
	run -0 "$top/scripts/study" --help
	[[ $output == *"Examples:"* ]]
}

@test "each number of the page has a step that makes its record, and each step a number" {
	grep -o '^<!-- study_[a-z]*: .* -->$' "$top/results/STUDY.md" | grep -o 'results/[^ ]*' | sort -u >named
	grep -v '^#' "$top/scripts/study.tsv" | cut -f 2 | sort >made
	diff named made
	while read -r record; do [ -s "$top/$record" ] || exit 1; done <made
	# And a program that is there, with the options that it is given.
	while IFS=$'\t' read -r _ _ _ command; do
		for word in $command; do
			[[ $word != scripts/* ]] || [ -x "$top/$word" ]
		done
	done < <(grep -v '^#' "$top/scripts/study.tsv")
}
