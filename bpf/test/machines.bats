#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The tracer builds for machines that this isn't.

load ../../bench/test/lib.bash

setup() { bats_require_minimum_version 1.5.0; }

# programs TARGET: builds the object for a machine as libbpf calls it.
programs() {
	env -u MAKEFLAGS make -s -C "$top" BUILD="$BATS_TEST_TMPDIR/$1" BPF_TARGET="$1" \
		"$BATS_TEST_TMPDIR/$1/bpf/trace.bpf.o"
}

# asks TARGET: for symbols of the kernel, to find what is in a page.
asks() {
	nm "$BATS_TEST_TMPDIR/$1/bpf/trace.bpf.o" | sed -n 's/^ *[Uw] \(.*_base\)$/\1/p' | paste -sd ,
}

@test "the programs, without a warning, for arm64 and where no page can be read" {
	local target
	for target in x86 arm64 riscv; do
		run -0 --separate-stderr programs $target
		expect "said of $target" "$stderr" ''
	done
	expect "x86" "$(asks x86)" page_offset_base,vmemmap_base
	expect "arm64" "$(asks arm64)$(asks riscv)" ''
}

@test "the tools, without a warning, for arm64" {
	local cross=/usr/aarch64-linux-gnu/include
	[ -e $cross/stdio.h ] || skip "no headers of arm64 here"
	cd "$top"
	# The libraries' headers are the same there.
	read -ra flags < <(pkg-config --cflags libbpf mount jansson libmicrohttpd gsl smartcols)
	mapfile -t sources < <(printf '%s\n' bpf/*.c bench/lib/*.c | grep -v '\.bpf\.c$')
	clang --target=aarch64-linux-gnu -nostdlibinc -isystem $cross -idirafter /usr/include \
		-idirafter "/usr/include/$(uname -m)-linux-gnu" "${flags[@]}" -iquote . -iquote "$build" \
		-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 '-DFUSE_EPOCH_VERSION=""' \
		-Wall -Wextra -Werror -fsyntax-only "${sources[@]}"
}
