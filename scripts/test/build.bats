#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The cache of kernels and modules: what is damaged, interrupted or impossible.

setup_file() {
	# A cache of its own, with copies of what takes long.
	local top image ko
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	{ read -r image; read -r ko; } < <("$top/scripts/build-module" v8)
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR
	mkdir -p "$XDG_CACHE_HOME"/fuse-epoch/{kernel,fuse}
	cp -a "$(dirname "$image")" "$XDG_CACHE_HOME/fuse-epoch/kernel/"
	cp -a "$(dirname "$ko")" "$XDG_CACHE_HOME/fuse-epoch/fuse/"
}

# The smallest thing that is built the same way.
small=kernel/selftests/delay

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bats_require_minimum_version 1.5.0
}

module() { cd "$top" && "$top/scripts/build-module" "$@"; }

@test "a second build comes from the cache" {
	run -0 --separate-stderr module v8
	[ -z "$stderr" ]
	[ -s "${lines[1]}" ]
	modinfo -F version "${lines[1]}" | grep -q '^v8 '
}

@test "a damaged module is built again" {
	local ko
	ko=$(module $small | tail -n 1)
	printf x | dd of="$ko" bs=1 seek=100 conv=notrunc status=none
	run -0 module $small
	[[ $output == *"is damaged: making it again"* ]]
	(cd "$(dirname "$ko")" && sha256sum --check --status SHA256SUMS)
}

@test "a kernel's tree that is damaged is noticed before a build, and made again" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	local copy=$BATS_TEST_TMPDIR/copy ko kernel
	mkdir "$copy"
	cp -a "$top/scripts" "$top/kernel" "$copy/"
	ko=$(module $small | tail -n 1)
	kernel=$(dirname "$("$top/scripts/build-kernel")")
	# Minutes become a second: the kernel is not built but copied from here.
	cp -a "$kernel" "$BATS_TEST_TMPDIR/whole"
	rm "$BATS_TEST_TMPDIR"/whole/{SHA256SUMS,tree.sums}
	sed -i "/^sweep_cache/i build_kernel() { cp -a $BATS_TEST_TMPDIR/whole/. \$1; }" \
		"$copy/scripts/build-kernel"
	printf x | dd of="$kernel/tree/tools/objtool/objtool" bs=1 seek=1000 \
		conv=notrunc status=none

	run -0 "$copy/scripts/build-module" "$top/$small" # nothing to build
	[[ $output != *damaged* ]]
	rm -rf "$(dirname "$ko")"
	run -0 "$copy/scripts/build-module" "$top/$small"
	[[ $output == *"$kernel is damaged: making it again"* ]]
	[ -s "$ko" ]
	cmp "$kernel/tree/tools/objtool/objtool" \
		"$BATS_TEST_TMPDIR/whole/tree/tools/objtool/objtool"
	rm -rf "$(dirname "$ko")"
	run -0 "$copy/scripts/build-module" "$top/$small"
	[[ $output != *damaged* ]]
}

@test "each kernel of ours gets as far as the compiler" {
	local copy=$BATS_TEST_TMPDIR/copy linux
	mkdir "$copy"
	cp -a "$top/scripts" "$top/kernel" "$copy/"
	sed -i '/^sweep_cache/i unpack() { :; }; configure() { :; }; untaken() { :; }
		/^sweep_cache/i compile_kernel() { mkdir "$2/tree"; touch "$2/bzImage"; }' \
		"$copy/scripts/build-kernel"
	# The source is not unpacked either.
	printf '#!/bin/sh\necho %s/source-1/source\n' "$BATS_TEST_TMPDIR" >"$copy/scripts/fetch-kernel"
	for linux in 6.12 7.3; do
		XDG_CACHE_HOME=$BATS_TEST_TMPDIR/new run -0 "$copy/scripts/build-kernel" --linux $linux
		[[ $output == *"built in "*/bzImage ]]
	done
}

@test "a build that was killed leaves nothing in the way" {
	local ko pid tries=0
	ko=$(module $small | tail -n 1)
	rm -rf "$(dirname "$ko")"
	setsid "$top/scripts/build-module" "$top/$small" >/dev/null 2>&1 3>&- &
	pid=$!
	until [ -e "$(dirname "$ko").tmp/src/delay.c" ]; do
		[ $((tries += 1)) -lt 300 ]
		sleep 0.05
	done
	kill -KILL -- "-$pid"
	wait "$pid" || :
	[ ! -e "$ko" ]
	run -0 module $small
	[ -s "$ko" ]
	[ ! -e "$(dirname "$ko").tmp" ]
}

@test "a build that is interrupted leaves nothing at all" {
	local ko pid tries=0
	ko=$(module $small | tail -n 1)
	rm -rf "$(dirname "$ko")"
	setsid "$top/scripts/build-module" "$top/$small" >/dev/null 2>&1 3>&- &
	pid=$!
	until [ -e "$(dirname "$ko").tmp/src/delay.c" ]; do
		[ $((tries += 1)) -lt 300 ]
		sleep 0.05
	done
	kill -TERM -- "-$pid"
	wait "$pid" || :
	[ ! -e "$(dirname "$ko").tmp" ]
	[ ! -e "$(dirname "$ko")" ]
}

@test "two at once build it once" {
	local ko
	ko=$(module $small | tail -n 1)
	rm -rf "$(dirname "$ko")"
	module $small >"$BATS_TEST_TMPDIR/1" 2>&1 3>&- &
	module $small >"$BATS_TEST_TMPDIR/2" 2>&1 3>&- &
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/[12] | grep -c 'building delay.ko')" = 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/[12] | grep -cxF "$ko")" = 2 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/[12] | grep -c 'waiting for it')" = 1 ]
}

@test "who only checks a build doesn't make others wait" {
	local ko lock
	ko=$(module $small | tail -n 1)
	exec {lock}>>"$(dirname "$ko").lock"
	flock --shared "$lock"
	run -0 timeout 60 "$top/scripts/build-module" "$top/$small"
	exec {lock}>&-
	[[ $output != *waiting* ]]
}

@test "a patch that doesn't apply, or warns, is named" {
	local copy=$BATS_TEST_TMPDIR/copy
	mkdir "$copy"
	cp -a "$top/scripts" "$top/kernel" "$copy/"
	cd "$copy/kernel/patches/6.12"
	echo nonsense.patch >broken.series
	cat >nonsense.patch <<-'PATCH'
	--- a/fs/fuse/dev.c
	+++ b/fs/fuse/dev.c
	@@ -1,1 +1,1 @@
	-not a line of it
	+another
	PATCH
	run -1 "$copy/scripts/build-module" broken
	[[ $output == *"nonsense.patch doesn't apply to linux 6.12"* ]]
	local file
	file=$(dirname "$("$top/scripts/build-kernel")")/tree/fs/fuse/control.c
	{ cat "$file"; echo 'static int unused(void) { return 0; }'; } |
		diff -u --label a/fs/fuse/control.c --label b/fs/fuse/control.c \
			"$file" - >nonsense.patch || [ $? = 1 ]
	run -1 "$copy/scripts/build-module" broken
	[[ $output == *"defined but not used"* ]]
	[[ $output == *"variant broken doesn't build without warnings"* ]]
}

@test "a variant of another kernel is named with that, and not mixed with ours" {
	run -0 module --list --linux 7.3
	[ "$(paste -sd ' ' <<<"$output")" = "7.3/fixes 7.3/mainline 7.3/reask" ]
	run -0 module --list
	[[ $output == *reask* && $output != */* ]]
	# The same name is another variant there; 6.12 may be said.
	[ "$(module --patches 6.12/reask)" = "$(module --patches reask)" ]
	[[ $(module --patches 7.3/reask+test) == */7.3/0001-*/7.3/0100-* ]]
	[ -z "$(module --patches 7.3/mainline)" ]
	local mixed
	for mixed in "7.3/reask reask" "reask 7.3/reask" "--linux 7.3 6.12/reask"; do
		# shellcheck disable=SC2086 # words
		run -2 module $mixed
		[[ $output == *"one kernel at a time" ]]
	done
	for mixed in 7.3/v8 7.3/reask+planted 7.3/reask+nonsense; do
		run -2 module $mixed
		[[ $output == *"no variant $mixed: there are 7.3/fixes 7.3/mainline 7.3/reask" ]]
	done
	run -2 module --linux 7.9 reask
	run -2 "$top/scripts/build-kernel" --linux 7.9
	[[ $output == *"no kernel/patches/7.9" ]]
}

@test "a missing tool and a full disk are said, and nothing is left" {
	local bin=$BATS_TEST_TMPDIR/bin tool
	mkdir "$bin"
	for tool in uname bash sh dirname basename cat sed grep sort tail head cut getopt; do
		ln -s "$(command -v $tool)" "$bin/"
	done
	run -1 env PATH="$bin" bash "$top/scripts/build-kernel"
	[[ $output == *"no gcc here: run scripts/setup --vm"* ]]

	[ "$(id -u)" = 0 ] || skip "a full disk needs root: a small tmpfs"
	local small=$BATS_TEST_TMPDIR/small
	mkdir "$small"
	mount -t tmpfs -o size=50M none "$small"
	run env XDG_CACHE_HOME="$small" "$top/scripts/build-kernel"
	umount "$small"
	[ "$status" = 1 ]
	[[ $output == *"a build needs 2500"* ]]
}

@test "a cache that can't be written is said" {
	run -1 env XDG_CACHE_HOME=/proc/nowhere "$top/scripts/build-kernel"
	[[ $output == *"cannot write"*"set XDG_CACHE_HOME"* ]]
}
