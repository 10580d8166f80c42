#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A short fuzzing of each reader, and that it finds what is there to be found.

load lib.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# fuzz OPTION...: its exit status is $status; skips where there is no libFuzzer.
fuzz() {
	status=0
	"$top/scripts/fuzz" "$@" >said 2>&1 3>&- || status=$?
	cat said
	[ "$status" != 77 ] || skip "$(tail -n 1 said)"
}

@test "five seconds of each target find nothing" {
	fuzz -d 5s -o lines
	expect status "$status" 0
	expect targets "$(jq -r .target lines)" "$("$top/scripts/fuzz" --list)"
	jq -es 'all(.schema == "fuzz/1" and .duration_s == 5 and .execution_cnt > 10 and
		.edge_cnt > 10 and .input_cnt > 5 and (.failed | not))' lines
}

@test "each reader has a target: a file is all that it takes" {
	expect targets "$("$top/scripts/fuzz" --list)" \
		"$(cd "$top/bench/test/fuzz" && printf '%s\n' fuzz_*.c |
			sed 's/fuzz_\(.*\)\.c/\1/' | grep -vx planted)"
}

@test "control: a planted fault is found, and its input is kept" {
	rm -f "$top"/build/fuzz/found/planted-crash-*
	fuzz -d 2m -o lines planted
	expect status "$status" 1
	grep -q 'AddressSanitizer: attempting double-free' said
	jq -e '.failed and .target == "planted"' lines
	grep -q '^7M' "$top"/build/fuzz/found/planted-crash-*
	rm -f "$top"/build/fuzz/found/planted-crash-*
}

@test "bad input: what is wrong" {
	fuzz frob
	expect status "$status" 2
	grep -q "no target is called 'frob'" said
	fuzz -d 5
	expect status "$status" 2
	grep -q "'5' is no time" said
}
