#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/torture: a few kills of what is there, and that it finds what is left.

bats_require_minimum_version 1.5.0
load ../../bench/test/lib.bash

setup() {
	need_mount
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a few kills of run and workload leave nothing" {
	"$top/scripts/torture" -n 8 --seed 7 -o out.jsonl run workload
	jq -e -s '.[0].schema == "torture/1" and length == 9 and (.[1:] | all(.left == "" and .next == 0))' out.jsonl
}

# fake LINE: a program in the place of epochbench that does that, first of all.
fake() {
	mkdir fake
	printf '#!/bin/sh\n%s\nsleep 0.3\n' "$1" >fake/epochbench
	printf '#!/bin/sh\n' >fake/epochctl
	chmod +x fake/*
}

@test "a file that is left is found" {
	fake '[ "$3" = 5 ] || touch "$XDG_RUNTIME_DIR/mine"'
	BUILD=$PWD/fake run -1 "$top/scripts/torture" -n 1 run
	[[ $output == *"file runtime/mine"* ]]
	[[ $output == *"1 kills, 1 left something"* ]]
}

@test "a process that is left is found" {
	fake '[ "$3" = 5 ] || setsid sleep 1000 & [ "$3" = 5 ] || touch started'
	BUILD=$PWD/fake run -1 "$top/scripts/torture" -n 1 run
	[[ $output == *"leaves processes undisturbed"* ]]
}

@test "bad input is refused" {
	run -2 "$top/scripts/torture" frob
	[[ $output == *"no target 'frob'"* ]]
	run -2 "$top/scripts/torture" -n 0
	run -2 "$top/scripts/torture" -n x
}
