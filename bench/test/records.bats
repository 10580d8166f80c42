#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is published was measured by this repository, as it is: no record is of a tree
# that wasn't committed, of a commit that nobody has, or older than what it speaks of.
# results/exceptions.tsv lists those that are, each with the reason.

load lib

setup() {
	bats_require_minimum_version 1.5.0
	cd "$top" || return
	git rev-parse --quiet --verify HEAD >/dev/null || skip "no git here"
	[ "$(git rev-parse --is-shallow-repository)" = false ] || skip "not all commits are here"
}

# versions FILE: of the programs that measured what is in it, each once.
versions() {
	jq -r '.. | objects | .bench?, .commit? | strings' "$1" | awk '{ print $NF }' | sort -u
}

# unknown COMMIT: HEAD doesn't come from it.
unknown() { ! git merge-base --is-ancestor "$1" HEAD 2>/dev/null; }

# faults FILE: what is wrong with the versions in it.
faults() {
	local version
	for version in $(versions "$1"); do
		if [[ $version == *-dirty ]]; then
			printf '%s\tdirty\n' "$1"
		elif unknown "$version"; then
			printf '%s\tunknown\n' "$1"
		fi
	done
}

# is_older RECORD CODE...: one of these was committed after it, or is changed.  Where
# the record names no commit, it is of the one that brought it.
is_older() {
	local of
	of=$(versions "$1" | head -n 1)
	[ -n "$of" ] || of=$(git log -1 --format=%H -- "$1")
	[ -n "$(git log -1 --format=%H "${of%-dirty}..HEAD" -- "${@:2}")" ] ||
		! git diff --quiet HEAD -- "${@:2}"
}

# What records speak of whose numbers change with nothing else.  Times differ by machine
# and day; operations that are counted have tests of their own (insns.bats).
older() {
	local record=results/reference/compare-simulation.jsonl
	! is_older "$record" bench/compare/judge.c bench/lib/infer.c \
		bench/test/tools/sim_{draw,judge}.c || printf '%s\tolder\n' "$record"
	record=results/reference/trace-cost.jsonl
	! is_older "$record" bpf/*.bpf.[ch] bpf/cost bench/run/case_operation.c ||
		printf '%s\tolder\n' "$record"
}

all_faults() {
	local file
	for file in results/history.jsonl results/{reference,baseline}/*.jsonl; do
		faults "$file"
	done
	older
}

@test "no record is dirty, unknown or older than its code, but for the exceptions" {
	all_faults | sort -u >"$BATS_TEST_TMPDIR/found"
	grep -v '^#' results/exceptions.tsv | cut -f 1,2 | sort >"$BATS_TEST_TMPDIR/listed"
	# < is new, and must be measured again; > isn't so any more: out with it.
	diff "$BATS_TEST_TMPDIR/found" "$BATS_TEST_TMPDIR/listed"
	# Each has a reason.
	awk -F '\t' '!/^#/ && length($3) < 20 { print; bad = 1 } END { exit bad }' \
		results/exceptions.tsv
}

@test "each fault is found" {
	local file=$BATS_TEST_TMPDIR/record.jsonl head
	head=$(git rev-parse --short HEAD)
	jq -cn --arg v "$head" '{host: {bench: $v}}' >"$file"
	expect "of HEAD" "$(faults "$file")" ''
	jq -cn --arg v "$head-dirty" '{host: {bench: $v}}' >"$file"
	expect "dirty" "$(faults "$file" | cut -f 2)" dirty
	jq -cn '{bench: "epochctl 0123456789ab"}' >"$file"
	expect "unknown" "$(faults "$file" | cut -f 2)" unknown
	# Of the commit before the last that touched the tests.
	jq -cn --arg v "$(git log -1 --format=%h -- bench/test)" '{bench: $v}' >"$file"
	if is_older "$file" bench/test; then
		git diff --quiet HEAD -- bench/test || skip "bench/test is changed"
		return 1
	fi
	jq -cn --arg v "$(git log -2 --format=%h -- bench/test | tail -n 1)" '{bench: $v}' >"$file"
	is_older "$file" bench/test
}
