#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The patches, as those who maintain the kernel would look at them first.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	checkpatch=$(dirname "$("$top/scripts/build-kernel")")/tree/scripts/checkpatch.pl
	mainline=$top/kernel/patches/7.3
	bats_require_minimum_version 1.5.0
}

full() { [ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"; }

# The patches of a series, in order.
of() { sed '/^#/d' "$mainline/$1.series"; }

# MAINTAINERS has fs/fuse as a whole, and a commit is only known in its tree.
check() {
	perl "$checkpatch" --no-tree --terse --show-types --color=never \
		--ignore FILE_PATH_CHANGES,UNKNOWN_COMMIT_ID "$@"
}

@test "checkpatch has nothing to say of any patch" {
	local patch
	for patch in "$top"/kernel/patches/*/*.patch; do
		run -0 check - <"$patch"
		[ -z "$output" ]
	done
}

@test "nor, when it is strict, of any that isn't only for tests" {
	local patch
	for patch in "$top"/kernel/patches/*/00*.patch; do
		run -0 check --strict - <"$patch"
		[[ $output != *WARNING* && $output != *CHECK:* ]]
	done
}

@test "nor of a module of ours" {
	run -0 check --file "$top"/kernel/selftests/delay/delay.c
	[ -z "$output" ]
}

@test "each patch gives a reason, credits who wrote it and names its self-test" {
	local patch name
	for patch in "$top"/kernel/patches/*/*.patch; do
		grep -q '^Signed-off-by: .* <.*@.*>$' "$patch"
		name=$(grep -oE 'kernel/selftests/test_[a-z_]+\.c' "$patch" | head -n 1)
		[ -r "$top/$name" ]
	done
}

@test "the series for mainline is numbered, and what it fixes is named with its title" {
	local patch cnt=0 total line
	total=$(of reask | wc -l)
	while read -r patch; do
		cnt=$((cnt + 1))
		[[ $patch == 00* ]]
		grep -qE "^Subject: \[PATCH 0*$cnt/$total\] fuse: " "$mainline/$patch"
		while read -r line; do
			[[ $line =~ ^Fixes:\ [0-9a-f]{12}\ \(\".+\"\)$ ]]
		done < <(grep '^Fixes:' "$mainline/$patch")
	done < <(of reask)
	# No other is there, and what only fixes comes first.
	[ "$(cd "$mainline" && echo 00*.patch)" = "$(of reask | paste -sd ' ')" ]
	[ "$(of reask | head -n "$(of fixes | wc -l)")" = "$(of fixes)" ]
	[ -z "$(of mainline)" ]
}

@test "each number in the cover letter is one of the records" {
	local words number
	# Of its tables: what has units, and counts.
	words=$(sed -n 's/^  | *//p' "$mainline/cover-letter.txt")
	[ -n "$words" ]
	for number in $(grep -oE '[0-9]{3,}' <<<"$words" | sort -u); do
		grep -qE "\<$number\>" "$top"/results/reference/mainline-operations.jsonl
	done
}

@test "the checkpatch of that kernel has nothing to say either" {
	full
	checkpatch=$(dirname "$("$top/scripts/build-kernel" --linux 7.3)")/tree/scripts/checkpatch.pl
	local patch
	for patch in "$mainline"/00*.patch; do
		run -0 check --strict - <"$patch"
		[[ $output != *WARNING* && $output != *CHECK:* ]]
	done
}

# Without a warning, as scripts/build-module insists.
@test "the series builds after each of its patches" {
	full
	local copy=$BATS_TEST_TMPDIR/copy cnt total prefixes=()
	mkdir "$copy"
	cp -a "$top/scripts" "$top/kernel" "$copy/"
	total=$(of reask | wc -l)
	for ((cnt = 1; cnt <= total; cnt++)); do
		of reask | head -n "$cnt" >"$copy/kernel/patches/7.3/first$cnt.series"
		prefixes+=("7.3/first$cnt")
	done
	run -0 --separate-stderr "$copy/scripts/build-module" "${prefixes[@]}"
	[ "$(grep -c '/fuse.ko$' <<<"$output")" = "$total" ]
}
