#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/growth and its figure: each tool is run, and what grows too fast is seen.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	[ -x "$bench" ] || skip "needs epochbench"
	type -P time >/dev/null || skip "no time here"
	cd "$BATS_TEST_TMPDIR" || return
}

# slopes FILE: of time and of memory of each tool.
slopes() {
	jq -rs -f "$top/scripts/tables.jq/growth.jq" "$1" | awk -F ' \\| ' '/^\| `/ { print $4, $6 }'
}

@test "each tool reads so much, ten and a hundred times as much" {
	BUILD=$build "$top/scripts/growth" --records 300 --mounts 0 --processes 0 --names 0 \
		-o record 1
	jq -e -s 'group_by(.tool) | map(.[0].tool) == ["epochbench compare", "epochbench gate",
			"epochbench merge", "epochbench report", "jq -c ."] and
		all(.[]; length == 3 and .[1].n == 10 * .[0].n and .[2].n == 100 * .[0].n)' \
		<(jq -c 'select(.schema == 1 and .what == "growth" and .rss_kib[0] > 1000 and
			(.user_ms | length == 1) and .input_bytes > 0 and .cpu_model != "")' record)
	command -v gnuplot >/dev/null || skip "no gnuplot here"
	mv record record.jsonl
	"$top/scripts/growth-figure" record.jsonl
	"$top/scripts/growth-figure" --check record.jsonl
	sed -i 's/"n":300,/"n":301,/' record.jsonl
	run -1 "$top/scripts/growth-figure" --check record.jsonl
}

@test "slopes: linear is 1, quadratic 2; the last record counts" {
	jq -cn '(1, 10, 100) as $n | ({n: 1, user_ms: [7]}, {n: $n, user_ms: [$n * 1000]}) +
		{tool: "linear"}, {n: $n, user_ms: [$n * $n * 1000], tool: "square"} |
		. + {unit: "names", sys_ms: [0], rss_kib: [1024 * $n], input_bytes: 0, load1: 1,
			bench: "b", kernel: "k", cpu_cnt: 1, cpu_model: "c"}' |
		jq -sc 'sort_by(.user_ms[0] == 7 | not) | .[]' >record
	expect slopes "$(slopes record)" "1 1"$'\n'"2 1"
}

@test "names of others aren't drawn" {
	echo '{"what":"growth","tool":"`id`","unit":"names","n":1}' >bad.jsonl
	run -2 "$top/scripts/growth-figure" bad.jsonl
	echo '{"what":"growth","tool":"report","unit":"records","n":"</desc><b>","user_ms":[1],"sys_ms":[1],"rss_kib":[1]}' >bad.jsonl
	run -2 "$top/scripts/growth-figure" bad.jsonl
	echo '{"what":"ctl-mounts"}' >bad.jsonl
	run -2 "$top/scripts/growth-figure" bad.jsonl
	[ ! -e bad.svg ]
}
