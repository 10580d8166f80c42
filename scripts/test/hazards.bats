#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/hazards: what it refuses; and in guests, the two hazards that can't be
# seen elsewhere.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$top" || return
	bench=${BUILD:-build}/epochbench
	out=$BATS_TEST_TMPDIR/out.jsonl
	bats_require_minimum_version 1.5.0
}

# The cells of the two on a variant, as the page says to see them.
rare() { # variant
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	[ "$(nproc)" -gt 1 ] || skip "two of its CPUs must be busy at once"
	scripts/vm --smp 2 --fuse "$1+test" --module kernel/selftests/delay \
		--append init_on_alloc=1 -- "$bench" hazards -m epoch \
		--only wrap,uninitialised -f json |
		jq -r '.[] | "\(.probe): \(.outcome)"' | paste -sd ,
}

@test "in a guest with v8: the epoch wraps, and is seen uninitialised" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	run rare v8
	echo "$output"
	[[ $output == *"from 2^31 - 1: absent,from 2^32 - 1: present,a new dentry: present" ]]
}

@test "in a guest with the hardened one: neither" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	run rare hardened
	echo "$output"
	[[ $output == *"from 2^31 - 1: absent,from 2^32 - 1: absent,a new dentry: absent" ]]
}

@test "in a guest with one that asks again: what stands on the mount stays" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	scripts/vm --smp 1 --fuse reask -- "$bench" hazards -m epoch -f json \
		--only submount,overlay,bound,cwd,kept,error,numbers,handle,data,herd,timeout \
		>"$BATS_TEST_TMPDIR/json"
	run jq -r '.[] | select(.outcome == "present") | "\(.hazard): \(.probe)"' \
		"$BATS_TEST_TMPDIR/json"
	diff - <<-'PRESENT' <(echo "$output")
	submount: below, another node
	overlay: another node
	overlay: gone
	kept: mode of the root
	PRESENT
}

@test "in a guest with our own kernel files can be watched" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	scripts/vm --smp 1 --fuse v8 --config hazards -- "$bench" hazards -m epoch -f json \
		--only watch,open >"$BATS_TEST_TMPDIR/json"
	run jq -r '.[] | "\(.hazard): \(.probe): \(.outcome) \(.detail)"' "$BATS_TEST_TMPDIR/json"
	[[ $output == *"watch: inotify, nlink 0: present watch ends"* ]]
	[[ $output == *"watch: fanotify, nlink 0: present no event"* ]]
	[[ $output == *"open: inotify: file: absent"* ]]
	[[ $output != *"in this kernel"* ]]
}

@test "in a guest with a kernel of Debian's there is an overlay" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	scripts/hazards -o "$out" debian:6.18
	run jq -r 'select(.method == "epoch" and .probe == "same node") | .detail' "$out"
	[[ $output == ESTALE* ]]
	run jq -r 'select(.hazard == "overlay").reproduce' "$out"
	# shellcheck disable=SC2016 # as it is printed
	[[ $output == *'--module "$(scripts/fetch-kernel --module overlay 6.18)" -- '* ]]
	[[ $output != *"$HOME"* ]]
}

@test "what can't be run is said at once, and no record is touched" {
	echo old >"$out"
	run -2 scripts/hazards --frob
	[[ $output == *--frob*--help* ]]
	run -2 scripts/hazards -o
	run ! scripts/hazards -o "$out" debian:0.1
	[ "$(cat "$out")" = old ]
	run -0 scripts/hazards --help
	[[ $output == *Example* ]]
}

@test "when one kernel fails, what the others gave is kept" {
	local copy=$BATS_TEST_TMPDIR/source
	mkdir -p "$copy"/{scripts,build}
	cp scripts/{hazards,lib.sh,lib-*.sh} "$copy/scripts"
	# shellcheck disable=SC2016 # for the stub to expand
	printf '#!/bin/sh\n[ "$4" != v8 ] || exit 1\necho "$4 on $6" >new.jsonl\n' >"$copy/scripts/vm"
	printf '#!/bin/sh\n' >"$copy/build/epochbench"
	chmod +x "$copy"/{scripts/vm,build/epochbench}
	echo old >"$out"
	run -1 "$copy/scripts/hazards" -o "$out" stock v8 reask
	[[ $output == *"failed: v8 (above); the records of the others are in ${out%.jsonl}-part.jsonl"* ]]
	[ "$(cat "$out")" = old ]
	[ "$(paste -sd, "${out%.jsonl}-part.jsonl")" = \
		"stock on hazards,v8+test on hazards,reask on hazards,reask+test on hazards" ]
	run -0 "$copy/scripts/hazards" -o "$out" stock reask
	[ "$(cut -d ' ' -f 1 "$out" | paste -sd,)" = stock,reask,reask+test ]
}
