#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The history: scripts/record adds to it, epochbench report --trend draws it.

load lib

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR"
	add c0ffee1 100 1
}

# add VERSION TOTAL DAY: a file of that name, of two variants.
add() {
	jq -c --arg v "$1" --argjson total "$2" --arg day "$3" '
		select(.case == "invalidate" and .n == 1000 and
			(.method == "none" or .method == "epoch")) |
		.host.bench = $v | .run_id = "2026110\($day)T120000Z-1" |
		.phases.total.ns |= map($total * 1000)' \
		"$top/results/reference/quick.jsonl" >"$1"
}

record() { "$top/scripts/record" -o history.jsonl "$@"; }

@test "a change is added once, whole" {
	add c0ffee2 110 2
	record c0ffee1
	record c0ffee2
	[ "$(jq -r .host.bench history.jsonl | paste -sd ,)" = \
		c0ffee1,c0ffee1,c0ffee2,c0ffee2 ]
	cp history.jsonl before
	run -2 record c0ffee1
	[[ $output == *"c0ffee1 is in history.jsonl already"* ]]
	diff before history.jsonl
	[ "$(ls)" = "$(printf '%s\n' before c0ffee1 c0ffee2 history.jsonl)" ]
}

@test "the history is whole, or as it was; a link stays one" {
	mkdir there
	ln -s there/history.jsonl history.jsonl
	record c0ffee1
	[ -L history.jsonl ]
	[ "$(id -u)" = 0 ] || skip "a full disk needs root: a small tmpfs"
	mv there/history.jsonl before
	add c0ffee2 110 2
	mount -t tmpfs -o size=64k none there
	cp before there/history.jsonl
	head -c 100000 /dev/zero >there/full 2>/dev/null || :
	TMPDIR=$PWD run record c0ffee2
	cp there/history.jsonl after
	umount there
	cmp before after
	[ "$status" = 1 ]
	[[ $output == *"cannot write history.jsonl: what belongs there is in $PWD/kept-by-record."* ]]
	[ "$(jq -r .host.bench kept-by-record.* | sort -u | paste -sd ,)" = c0ffee1,c0ffee2 ]
}

@test "what is no commit, or no record, is refused" {
	add c0ffee3-dirty 1 1
	run -2 record c0ffee3-dirty
	[[ $output == *"no commit"* ]]
	echo nonsense >bad
	run -2 record bad
	run -2 record c0ffee1 c0ffee1
	run -2 record --frob
	[ ! -e history.jsonl ]
	"$top/scripts/record" --help | grep -q Examples
}

@test "what has no samples isn't added: 77 if that is all" {
	jq -c 'select(.method == "epoch") | .exit = 77 | .why = "not here" | .samples = 0 |
		.start_ns = [] | .phases = {}' c0ffee1 >none
	run -77 record none
	[[ $output == *"nothing was measured of epoch: not here"* ]]
	[ ! -e history.jsonl ]
	jq -c 'select(.method == "none")' c0ffee1 >>none
	run -0 record none
	[[ $output == *"epoch: not here"* ]]
	[ "$(jq -r .method history.jsonl)" = none ]
	[ -z "$(compgen -G 'history.jsonl.*')" ]
}

@test "it measures, unless it is given records" {
	need_mount
	run record -- -n 50 -m none -r 1
	case $("$bench" --version) in
	*-dirty | *unknown) [ "$status" = 2 ] ;;
	*)
		[ "$status" = 0 ]
		[ "$(jq -r .n history.jsonl)" = 50 ]
		;;
	esac
}

@test "the trend: a table per variant, a row per run, with what changed" {
	add c0ffee2 110 2
	add c0ffee3 99 3
	add c0ffee4 50 4
	jq -c '.host.cpu_model = "another"' c0ffee4 >other
	cat c0ffee1 c0ffee2 c0ffee3 other >all
	run -0 "$bench" report --trend all
	[ "$(grep -c ': total$' <<<"$output")" = 2 ]
	[[ $output == *"2026-11-01 12:00  c0ffee1 "*"100 us"* ]]
	[ "$(grep -c '110 us.*+10.0%' <<<"$output")" = 2 ]
	[ "$(grep -c '99 us.*-10.0%' <<<"$output")" = 2 ]
	[ "$(grep -c '50 us.*other host' <<<"$output")" = 2 ]
	# The highest has the longest bar.
	[ "$(grep '110 us' <<<"$output" | grep -o '#*$' | head -n 1 | wc -c)" = 31 ]
	[ "$(grep '50 us' <<<"$output" | grep -o '#*$' | head -n 1 | wc -c)" = 15 ]
	"$bench" report --trend -f json all |
		jq -e 'length == 2 and (.[0].rows | length == 4) and
			.[0].rows[1].median == 110000 and
			(.[0].rows[1].change_pct | . > 9.99 and . < 10.01)'
	"$bench" report --trend -f markdown all | grep -q '^### '
}

@test "the trend goes by time, and counts once what git has merged twice" {
	add c0ffee2 110 2
	add c0ffee3 99 3
	cat c0ffee1 c0ffee2 c0ffee3 >wanted
	cat c0ffee3 c0ffee1 c0ffee2 >mixed
	cat c0ffee1 c0ffee3 c0ffee1 c0ffee2 c0ffee3 >twice
	"$bench" report --trend wanted >table
	run -0 --separate-stderr "$bench" report --trend mixed
	[ "$(grep -c 99 <<<"$output")" -gt 0 ]
	diff table - <<<"$output"$'\n'
	[ -z "$stderr" ]
	run -0 --separate-stderr "$bench" report --trend twice
	diff table - <<<"$output"$'\n'
	[[ $stderr == *"4 of 10 records are there more than once, and count once" ]]
	# Two machines, or two runs of a day, are no copies.
	jq -c '.host.cpu_model = "another"' c0ffee3 >other
	jq -c '.run_id = "20261103T120001Z-1"' c0ffee3 >later
	cat wanted other later >all
	run -0 --separate-stderr "$bench" report --trend -f json all
	[ -z "$stderr" ]
	jq -e '.[0].rows | length == 5' <<<"$output"
}
