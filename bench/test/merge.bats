#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench merge: runs of several kernels that took turns become one.

load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	bats_require_minimum_version 1.5.0
	# A round of two modules, twice; only costs and modules differ.
	for round in 1 2; do
		for fuse in "stock 0123" "v8 4567"; do
			jq -c --arg fuse "$fuse" --argjson round $round '
				select(.case == "invalidate" and .n == 1000 and
					(.method == "none" or .method == "epoch")) |
				.host.fuse = $fuse | .host.kernel = "6.12" |
				.run_id = "\($round)-\($fuse)" |
				.phases[].ns[] |= . * $round' \
				"$top/results/reference/quick.jsonl" >"$round-${fuse%% *}"
		done
	done
	rounds=$(jq -s '.[0].samples' 1-v8)
}

@test "samples of a variant are joined, in the order of the files" {
	"$bench" merge -o all 1-stock 1-v8 2-stock 2-v8
	[ "$(jq -s length all)" = 4 ]
	[ "$(jq -r '[.host.fuse, .method] | join(" ")' all | paste -sd ,)" = \
		"$(jq -r '[.host.fuse, .method] | join(" ")' 1-stock 1-v8 | paste -sd ,)" ]
	[ "$(jq -s 'map(.samples) | unique | .[]' all)" = $((2 * rounds)) ]
	[ "$(jq -r .run_id all | sort -u)" = "1-stock 0123" ]
	jq -c 'select(.method == "epoch") | .phases.total.ns' 1-v8 2-v8 |
		jq -sc add >wanted
	jq -c 'select(.method == "epoch" and .host.fuse == "v8 4567") |
		.phases.total.ns' all | diff - wanted
}

@test "the table names each module, and compares within one only" {
	"$bench" merge 1-stock 1-v8 >all
	"$bench" report -f json all >table
	[ "$(jq -r '.[0].rows[].fuse' table | paste -sd ' ')" = "stock stock v8 v8" ]
	# In v8 all costs ten times as much: the ratio to its own control stays.
	jq -c '.phases[].ns[] |= . * 10' 1-v8 >slow
	"$bench" merge 1-stock slow >all
	"$bench" report -f json all >slow-table
	jq '.[0].rows[].total_vs_none_ratio' table >before
	[ "$(grep -cE '[0-9]' before)" -ge 2 ]
	jq '.[0].rows[].total_vs_none_ratio' slow-table | diff - before
	run -0 "$bench" report all
	[[ $output == *"fuse.ko stock 0123"* ]]
	[[ $output == *"Compared with fuse.ko v8 4567."* ]]
}

@test "a record of one module has no such column, nor have old records" {
	"$bench" report -f json 1-v8 | jq -e '.[0].rows[0] | has("fuse") | not'
	jq -c 'del(.host.fuse)' 1-v8 >old
	run -0 "$bench" report old
	[[ $output != *fuse.ko* ]]
}

@test "sides of a comparison stay apart, and the table names them" {
	"$bench" merge --side base -o base 1-v8
	"$bench" merge --side again -o again 1-v8
	"$bench" merge --side new --seed 23 -o new 1-v8 2-v8
	"$bench" merge -o all base again new
	[ "$(jq -r 'select(.method == "epoch") | "\(.side) \(.samples)"' all |
		paste -sd ,)" = "base $rounds,again $rounds,new $((2 * rounds))" ]
	[ "$(jq -r '"\(.side) \(.order_seed)"' all | sort -u | paste -sd ,)" = \
		"again 0,base 0,new 23" ]
	"$bench" report -f json all >table
	[ "$(jq -r '.[0].rows[].side' table | paste -sd ' ')" = \
		"base base again again new new" ]
	"$bench" report -f json 1-v8 | jq -e '.[0].rows[0] | has("side") | not'
}

@test "a round that failed makes the variant a failure, with its reason" {
	jq -c '.exit = 1 | .why = "it broke"' 2-v8 >bad
	"$bench" merge 1-v8 bad >all
	[ "$(jq -c '[.exit, .why]' all | sort -u)" = '[1,"it broke"]' ]
}

@test "damaged files and wrong use are refused, and write nothing" {
	echo nonsense >bad
	run -2 "$bench" merge -o all 1-v8 bad
	[[ $output == *"bad:1:"* ]]
	[ ! -e all ]
	run -2 "$bench" merge
	[[ $output == *"no FILE given"* ]]
	run -2 "$bench" merge --side old 1-v8
	[[ $output == *"no side is called"* ]]
	run -2 "$bench" merge -o /nonexistent/all 1-v8
	[[ $output == *"cannot write /nonexistent/all"* ]]
}

# refused TEXT FILE...: status 2, and nothing is written.
refused() {
	local text=$1
	shift
	run -2 "$bench" merge -o all "$@"
	echo "$output"
	[[ $output == *"$text"* ]]
	[ ! -e all ]
}

@test "a file is given once, whatever its name" {
	ln -s 1-v8 link
	ln 1-v8 hard
	refused "1-v8: this file is given twice" 1-v8 1-stock 1-v8
	refused "link: this file is given twice" 1-v8 link
	refused "hard: this file is given twice" 1-stock 1-v8 hard
	# Nothing was measured in it, and still.
	jq -c '.exit = 77 | .why = "not here" | .samples = 0 | .start_ns = [] |
		.msgs = [] | .msg_errors = [] | .mem_peak_bytes = [] |
		.slab_peak_bytes = [] | .daemon_rss_bytes = [] | .phases = {}' 1-v8 >none
	"$bench" merge none 1-v8 >/dev/null
	refused "none: this file is given twice" none none
	run -2 "$bench" merge - - <1-v8
	[[ $output == *"given twice"* ]]
}

@test "a sample counts once, in whatever copy it is" {
	cp 1-v8 copy
	tac 1-v8 | jq -c 'del(.host.name) | .run_id = "another"' >edited
	"$bench" merge -o both 1-v8 2-v8
	tail -n 1 2-v8 >part
	cat 1-v8 1-v8 >double
	refused "copy: it has samples that 1-v8 has, too" 1-v8 copy
	refused "copy: it has samples that 1-v8 has, too" --side base 1-v8 copy
	refused "edited: it has samples that 1-v8 has, too" 1-stock 1-v8 edited
	refused "both: it has samples that 2-v8 has, too" 2-v8 both
	refused "part: it has samples that both has, too" both part
	refused "double: it has the same sample twice" double
	# As a side of its own it is for whoever tries the tools.
	"$bench" merge --side base -o base 1-v8
	"$bench" merge --side new -o new copy
	"$bench" merge base new >/dev/null
}
