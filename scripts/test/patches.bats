#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The patches, as those who maintain the kernel would look at them first.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	checkpatch=$(dirname "$("$top/scripts/build-kernel")")/tree/scripts/checkpatch.pl
	bats_require_minimum_version 1.5.0
}

# MAINTAINERS has fs/fuse as a whole, and a commit is only known in its tree.
check() {
	perl "$checkpatch" --no-tree --terse --show-types --color=never \
		--ignore FILE_PATH_CHANGES,UNKNOWN_COMMIT_ID "$@"
}

@test "checkpatch has nothing to say of any patch" {
	local patch
	for patch in "$top"/kernel/patches/6.12/*.patch; do
		run -0 check - <"$patch"
		[ -z "$output" ]
	done
}

@test "nor, when it is strict, of any that isn't only for tests" {
	local patch
	for patch in "$top"/kernel/patches/6.12/00*.patch; do
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
	for patch in "$top"/kernel/patches/6.12/*.patch; do
		grep -q '^Signed-off-by: .* <.*@.*>$' "$patch"
		name=$(grep -oE 'kernel/selftests/test_[a-z_]+\.c' "$patch" | head -n 1)
		[ -r "$top/$name" ]
	done
}
