#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The gate over Debian's kernels: what it keeps of several boots, and that its
# committed baseline judges.

load ../../bench/test/lib.bash

setup() {
	cd "$BATS_TEST_TMPDIR"
	bats_require_minimum_version 1.5.0
	committed=$top/results/baseline/insns-kernels.jsonl
}

matrix() { "$top/scripts/insns-matrix" "$@" 3>&-; }

@test "of several boots the least counts, with the spread of them all" {
	local boot
	for boot in 7,100 3,90 9,107; do
		echo "{\"method\":\"none\",\"phase\":\"hit\",\"insns\":${boot%,*}}"
		echo "{\"method\":\"none\",\"phase\":\"miss\",\"insns\":${boot#*,}}"
	done >boots
	expect "kept" "$(jq -cs --arg fuse 7.3 -f "$top/scripts/insns-least.jq" boots |
		jq -r '"\(.fuse) \(.phase) \(.insns) \(.spread_insns)"' | paste -sd ,)" \
		"7.3 hit 3 6,7.3 miss 90 17"
}

@test "the baseline judges each kernel but the oldest, and is exact by itself" {
	run -0 "$bench" gate "$committed" "$committed"
	local series
	for series in 6.16 6.17 6.18 6.19 7.0 7.1 7.2 7.3; do
		grep -qE "^$series +hit +[0-9]+ .* same$" <<<"$output"
		grep -qE "^$series +first touch +[0-9]+ .* same$" <<<"$output"
	done
	if grep -qE '^(6.12|stock) ' <<<"$output"; then return 1; fi
}

@test "that of our own 7.3 has each variant, and is exact by itself" {
	local own=$top/results/baseline/insns-7.3.jsonl variant
	run -0 "$bench" gate "$own" "$own"
	for variant in mainline fixes reask; do
		grep -qE "^7.3/$variant +hit +[0-9]+ .* same$" <<<"$output"
		grep -qE "^7.3/$variant +first touch +[0-9]+ .* same$" <<<"$output"
	done
}

@test "a handful of instructions beyond the spread is a regression of that kernel, and is named" {
	jq -c 'if .fuse == "7.3" and .phase == "hit" then
		(.spread_insns + 6) as $more | .insns += $more |
		(if .upper_insns then .upper_insns += $more else . end) |
		.functions.fuse_dentry_revalidate += $more else . end' "$committed" >worse
	run -3 "$bench" gate "$committed" worse
	expect "accused" "$(grep -c 'WORSE by' <<<"$output")" 1
	[[ $output == *$'\n7.3, hit: '*"WORSE by "* ]]
	[[ $output == *"  fuse_dentry_revalidate"* ]]
}

# Two kernels, two boots each: some of the three that the baseline is of.
@test "Debian's kernels come out as in the baseline" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	matrix --seeds 2 -o now.jsonl 7.3 || [ $? = 77 ] || return 1
	[ -e now.jsonl ] || skip "no guests here"
	[ -s now.svg ]
	expect "kernels" "$(jq -r 'select(.fuse).fuse' now.jsonl | sort -u | paste -sd ' ')" "7.3 stock"
	expect "operations of 7.3" "$(jq -c 'select(.fuse == "7.3")' now.jsonl | wc -l)" 12
}

@test "what can't be used is said" {
	run -2 matrix --frob
	run -2 matrix --seeds 0
	[[ $output == *"--seeds wants a number"* ]]
	run -2 matrix -o here.txt
	[[ $output == *".jsonl"* ]]
	run -2 "$top/scripts/vm" --seed 1 -- true
	[[ $output == *"--seed needs --icount"* ]]
	run -0 matrix --help
	[[ $output == *"--record"* ]]
}
