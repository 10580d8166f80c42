#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/regress-insns names all that its numbers depend on; no guest is started.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	command -v dpkg-query >/dev/null || skip "no dpkg here"
	[ -x "$top/build/epochbench" ] || skip "needs build/epochbench, as the gate takes it"
	cd "$BATS_TEST_TMPDIR"
	mkdir -p scripts bin
	ln -s "$top/build" "$top/kernel" "$top/results" .
	cp "$top"/scripts/{regress-insns,lib.sh,lib-*.sh} scripts/
	printf '#!/bin/sh\n' >scripts/build-module
	# The versions are beside the profile when the first guest would start.
	cat >scripts/vm <<-'SH'
		#!/bin/bash
		while [ "$1" != --profile ]; do shift; done
		cp "$(dirname "$2")/../versions" versions
		exit 1
	SH
	sed -i "s,versions\$,$PWD/&," scripts/vm
	chmod +x scripts/*
	real=$(command -v dpkg-query)
}

# dpkg_query_says LINE...: what dpkg-query does in these tests.
dpkg_query_says() {
	printf '%s\n' '#!/bin/bash' "$@" "exec $real \"\$@\"" >bin/dpkg-query
	chmod +x bin/dpkg-query
	PATH=$PWD/bin:$PATH
}

versions() {
	run -1 scripts/regress-insns stock
	[[ $output == *"the guest of stock failed"* ]]
}

# libfuse's name has changed between releases, and none of ours is in all.
@test "the libraries of both programs are named, a missing package ends nothing" {
	dpkg_query_says '[[ $1 != -W ]] || set -- "$@" no-such-package'
	versions
	local lib
	for lib in libfuse3 libelf libjansson libgsl libmxml zlib libc libbpf libmount; do
		jq -e --arg lib "$lib" '.versions | has("epochbench") and has("epochstat") and
			has("gcc") and has("clang") and has("qemu") and has("kernel config") and
			(keys | map(startswith($lib)) | any)' versions ||
			{ echo "no $lib"; return 1; }
	done
	jq -e '.schema == "insns/1" and
		(.versions | (keys | map(contains(":")) | any | not) and
			(map(. != null and . != "") | all))' versions
}

@test "a library of no package is known by its hash, a merged /usr by both names" {
	# What is of no package, and what dpkg knows by its other name only.
	dpkg_query_says '[[ "$1 $2" != "-S "*/libgsl.so* ]] || exit 1' \
		'[[ "$1 $2" != "-S /lib/"*/libjansson.so* ]] || exit 1' \
		'[[ "$1 $2" != "-S /usr/lib/"*/libjansson.so* ]] || { echo "libjansson4:amd64: $2"; exit; }'
	versions
	jq -e '.versions | to_entries | map(select(.key | test("^libgsl([.]so|[0-9])"))) |
		length == 1 and (.[0].key | startswith("libgsl.so.")) and
		(.[0].value | test("^[0-9a-f]{12}$"))' versions
	jq -e '.versions | has("libjansson4") and (keys | map(test("jansson.so")) | any | not)' versions
}
