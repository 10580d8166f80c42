#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Instructions are counted exactly, or not at all; and the gate on top of them
# finds a handful more, names where, and is silent otherwise.

load ../../bench/test/lib.bash

setup_file() {
	# What most tests look at: one guest of v8, as the gate starts it.
	export KEPT=$BATS_FILE_TMPDIR/first
	# check-full asks for more guests than make check has time for.
	export VARIANTS=v8
	[ -z "${FULL-}" ] || VARIANTS="v8 v8+traced"
	# shellcheck disable=SC2086 # several
	"$top/scripts/regress-insns" --record --baseline "$BATS_FILE_TMPDIR/base" \
		--keep "$KEPT" stock $VARIANTS 3>&-
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	bats_require_minimum_version 1.5.0
}

gate() { "$top/scripts/regress-insns" "$@" 3>&-; }

# counted FILE FUSE TRACER METHOD PHASE: the number in measurements.
counted() {
	jq --arg f "$2" --arg t "$3" --arg m "$4" --arg p "$5" 'select(.phase == $p and
		.method == $m and .tracer == $t and (.fuse | startswith($f + " "))) |
		.insns' "$1"
}

@test "where the TSC doesn't count instructions there is no such clock" {
	run -77 --separate-stderr "$bench" run --clock insns -c operation
	[ -z "$output" ]
	[[ $stderr == *"the suite's vm --icount"* ]]
	[ -z "${FULL-}" ] ||
		run -77 "$top/scripts/vm" --smp 1 -- "$bench" run --clock insns -c operation
	run -2 "$bench" run --clock ticks
	[[ $output == *"no clock counts 'ticks'"* ]]
}

@test "each profile adds up to the difference of the two rdtsc, and 1" {
	local variant ops
	for variant in stock $VARIANTS; do
		"$bench" profile -j "$KEPT/$variant/run.jsonl" "$KEPT/$variant/raw" \
			"$KEPT/$variant/symbols" >profile
		ops=$(jq -s 'map(select(([.functions[]] | add) == .insns + 1)) | length' profile)
		expect "exact operations of $variant" "$ops" "$(wc -l <profile)"
		# Stock can't be bumped: three operations less.
		expect "operations" "$ops" "$([ "$variant" = stock ] && echo 8 || echo 11)"
		# And that is the number in the record.
		expect "hit of $variant" "$(jq -r 'select(.method == "none") |
			.phases.hit.insns | min' "$KEPT/$variant/run.jsonl")" \
			"$(jq 'select(.phase == "hit") | .insns' profile)"
	done
}

@test "a profile that isn't of these records is refused" {
	local v8=$KEPT/v8
	sed '0,/^op 9 insns/s/insns [0-9]*/insns 7/' "$v8/raw" >raw
	run -2 "$bench" profile "$v8/run.jsonl" raw "$v8/symbols"
	[[ $output == *"hit of none: 7 instructions in the profile, but"* ]]
	head -n -1 "$v8/raw" >raw
	run -2 "$bench" profile "$v8/run.jsonl" raw "$v8/symbols"
	[[ $output == *"the profile is cut"* ]]
	run -2 "$bench" profile "$KEPT/stock/run.jsonl" "$v8/raw" "$v8/symbols"
}

@test "nearly each instruction is in a function with a name" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	"$bench" profile -j "$KEPT/v8+traced/run.jsonl" "$KEPT/v8+traced/raw" \
		"$KEPT/v8+traced/symbols" >profile
	jq -se '.[] | select(.phase == "hit") | .functions |
		(."fuse_dentry_revalidate [fuse]" > 10) and
		(."fexit_fuse_dentry_revalidate_6_12 [bpf]" > 10) and
		(."fstatat [libc.so.6]" > 0) and (."clock_end [epochbench]" > 0) and
		(has("?") | not)' profile
	# In all operations together, less than one of a hundred is in none.
	jq -e -s '[.[].functions | to_entries[]] | (map(select(.key == "?") | .value) |
		add // 0) * 100 < (map(.value) | add)' profile
}

# Between one and ten: gcc 12 makes 5 of them, gcc 14 makes 3.
few() { [ "$1" -ge 1 ] && [ "$1" -le 10 ]; }

@test "v8 costs few instructions a hit, and nothing that isn't in fuse_dentry_revalidate" {
	local base=$BATS_FILE_TMPDIR/base
	few "$(($(counted "$base" v8 '' none hit) - $(counted "$base" stock '' none hit)))"
	jq -s 'map(select(.phase == "hit" and .tracer == "")) |
		[.[] | {(.fuse[:2]): .functions}] | add |
		[.v8 as $v | .st as $s | ($v + $s) | keys[] |
			select($v[.] != $s[.])]' "$base" >differ
	expect "functions that differ" "$(jq -c . differ)" '["fuse_dentry_revalidate [fuse]"]'
}

@test "two boots: records, time stamps too, profiles and symbols are the same" {
	local variant file variants=(stock)
	[ -z "${FULL-}" ] || variants+=(v8+traced)
	gate --record --keep again --baseline new "${variants[@]}"
	for variant in "${variants[@]}"; do
		for file in run.jsonl raw symbols; do
			cmp "$KEPT/$variant/$file" "again/$variant/$file"
		done
	done
	# How many lines follow the first is all that may differ in it.
	grep -vxFf <(jq -c 'del(.measurements)' "$BATS_FILE_TMPDIR/base") \
		<(jq -c 'del(.measurements)' new) >differ || true
	expect "lines that aren't in the first" "$(cut -c 1-200 differ)" ''
}

@test "records and measurements name the emulator and the CPU that it was" {
	local cpu qemu
	cpu=$(sed -n 's/^counting_cpu=//p' "$top/scripts/lib.sh")
	qemu=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([^ ]*\).*/\1/p')
	expect "in the record" "$(jq -r .host.emulator "$KEPT/v8/run.jsonl" | sort -u)" \
		"QEMU $qemu, CPU $cpu"
	expect "in the measurements" "$(jq -r '.versions | select(.) | .cpu' \
		"$BATS_FILE_TMPDIR/base")" "$cpu"
}

# A tool or library of another version is no fault; that our own programs have moved
# is no reason: whoever changes them so that the counts move records them again.
@test "the committed baseline comes out again, unless a version has moved" {
	local base=$BATS_FILE_TMPDIR/base committed=$top/results/baseline/insns.jsonl
	"$bench" gate "$committed" "$base" >said || : # differing lines say more
	if grep '^Moved since the baseline' said | grep -v ': epoch\(bench\|stat\), ' >moved; then
		skip "$(paste -sd ' ' moved)"
	fi
	tail -n +2 "$base" | grep -vxFf "$committed" >differ || true
	expect "lines that aren't in the baseline (scripts/regress-insns --record, if that is meant)" \
		"$(cut -c 1-200 differ)" ''
}

@test "a handful of instructions in the hit path is a regression, and is named" {
	run -3 "$top/scripts/regress" --insns --baseline "$BATS_FILE_TMPDIR/base" v8+planted 3>&-
	local worse="v8\+planted, hit: \+[0-9]+ instructions more than stock, \+[0-9]+ in the baseline: WORSE by ([0-9]+)"
	[[ $output =~ $worse ]]
	few "${BASH_REMATCH[1]}"
	[[ $output == *"  +${BASH_REMATCH[1]}  fuse_dentry_revalidate [fuse]"* ]]
	# 200 turns in one of three messages; the cheapest only counts to three.
	local method
	for method in inval_inode inval_inode_attr; do
		worse="v8\+planted, $method: [^:]*: WORSE by [0-9]+, in one of four or more by ([0-9]+)"
		[[ $output =~ $worse ]]
		[ "${BASH_REMATCH[1]}" -ge 400 ]
	done
	# Nothing else is accused.
	expect "accused" "$(grep -c 'WORSE by' <<<"$output")" 3
}

@test "what can't be used is said" {
	run -2 gate --baseline nowhere v8
	[[ $output == *"--record"* ]]
	run -2 gate --frob
	run -2 gate frobbed
	[[ $output == *"no variant frobbed"* ]]
	run -2 "$top/scripts/regress" --frob
	run -0 "$top/scripts/regress" --help
	[[ $output == *"--insns"* ]]
	run -2 "$top/scripts/vm" --profile raw -- true
	[[ $output == *"--profile needs --icount"* ]]
}
