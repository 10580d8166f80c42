#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A kernel of somebody else: what it lacks is said before it boots, and what is whole
# boots as it is.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	sed 's/^CONFIG_FUSE_FS=m/CONFIG_FUSE_FS=y/' "$top/kernel/config/base.config" >config
}

find_kernel() { "$top/scripts/find-kernel" "$@"; }

# fake_module FILE NAME RELEASE: what a module says of itself.
fake_module() { printf 'x\0name=%s\0vermagic=%s SMP mod_unload \0' "$2" "$3" >"$1"; }

# without OPTION...: the configuration, but for these.
without() {
	local one
	cp config less
	for one; do sed -i "/^CONFIG_$one=/d" less; done
}

@test "what a guest needs of yours is in ours, too" {
	local layer
	for layer in guest guest-tests; do
		run -1 grep -vxF -f "$top/kernel/config/base.config" \
			<(grep ^CONFIG_ "$top/kernel/config/$layer.config")
		expect "beyond base.config in $layer.config" "$output" ''
	done
}

@test "what is no kernel is refused at once, by all who take one" {
	run -2 "$top/scripts/vm" --kernel "$top/README.md" -- true
	[[ $output == *"README.md is no x86 boot image"*YOUR-KERNEL.md* ]]
	run -2 "$top/scripts/selftest" --kernel "$top/README.md"
	[[ $output == *"README.md is no x86 boot image"* ]]
	run -2 "$top/scripts/hazards" -o out host "$top/README.md"
	[[ $output == *"README.md is no x86 boot image"* ]]
	run -2 "$top/scripts/vm-bench" -o out stock "$top/README.md"
	[[ $output == *"README.md is no x86 boot image"* ]]
	[ ! -e out ]
	: >empty
	run -2 find_kernel empty
	mkdir tree
	run -2 find_kernel tree
	[[ $output == *"no kernel was built in tree"* ]]
	run -2 find_kernel nowhere
	[[ $output == *"no kernel image nowhere"* ]]
	fake_kernel small 1.2.3
	printf '\0' | dd of=small bs=1 seek=$((0x236)) conv=notrunc status=none
	run -2 find_kernel small
	[[ $output == *"isn't a kernel of 64 bits"* ]]
}

@test "of Debian's older kernels FUSE is a module, which goes in first" {
	mkdir scripts
	cp "$top"/scripts/{find-kernel,lib*.sh} scripts
	cat >scripts/fetch-kernel <<-'SH'
		#!/bin/sh
		if [ "$1" = --module ]; then echo "$PWD/$2-$3.ko"; else echo "$PWD/image"; fi
	SH
	chmod +x scripts/fetch-kernel
	fake_kernel image 1.2.3
	fake_module fuse-6.1.ko fuse 1.2.3
	fake_module over.ko overlay 1.2.3
	run -0 scripts/find-kernel --module over.ko debian:6.1
	expect "of 6.1" "${output//"$PWD/"/}" $'image\nfuse-6.1.ko\nover.ko'
	run -0 scripts/find-kernel --module over.ko debian:6.12
	expect "of 6.12" "${output//"$PWD/"/}" $'image\nover.ko'
}

@test "options that a guest needs are named, wherever the configuration is" {
	without DEVTMPFS SERIAL_8250_PCI
	local said="lacks what a guest needs, as built in: CONFIG_DEVTMPFS CONFIG_SERIAL_8250_PCI (kernel/config/guest.config"
	fake_kernel vmlinuz-1.2.3 1.2.3 less # in the image
	run -2 find_kernel vmlinuz-1.2.3
	[[ $output == *"$said"* ]]
	fake_kernel vmlinuz-1.2.3 1.2.3
	run -0 find_kernel -v vmlinuz-1.2.3 # nowhere
	[[ $output == *"doesn't say how it was configured"* ]]
	cp less config-1.2.3 # beside it
	run -2 find_kernel vmlinuz-1.2.3
	[[ $output == *"$said"* ]]
	mkdir -p tree/arch/x86/boot # in its tree
	cp less tree/.config
	cp vmlinuz-1.2.3 tree/arch/x86/boot/bzImage
	for tree in tree tree/arch/x86/boot/bzImage; do
		run -2 find_kernel $tree
		[[ $output == *"$said"* ]]
	done
	# What the image says itself is right, whatever is in the tree by now.
	fake_kernel tree/arch/x86/boot/bzImage 1.2.3 config
	run -0 find_kernel tree
	expect "image" "$output" "$PWD/tree/arch/x86/boot/bzImage"
	# A module isn't there when it is needed.
	sed 's/^CONFIG_UNIX=y/CONFIG_UNIX=m/' config >less
	fake_kernel image 1.2.3 less
	run -2 find_kernel image
	[[ $output == *": CONFIG_UNIX=m ("* ]]
}

@test "what only tests miss is said to those who ask" {
	without OVERLAY_FS DEBUG_INFO_DWARF5
	fake_kernel image 1.2.3 less
	run -0 --separate-stderr find_kernel image
	expect "said" "$stderr" ''
	run -0 --separate-stderr find_kernel -v image
	[[ $stderr == *"lacks what tests and tracer use: CONFIG_OVERLAY_FS (kernel/config/guest-tests.config"* ]]
	without DEBUG_INFO_DWARF5 DEBUG_INFO_BTF
	fake_kernel image 1.2.3 less
	run -0 find_kernel -v image
	[[ $output == *"CONFIG_DEBUG_INFO_DWARF5 CONFIG_DEBUG_INFO_BTF ("* ]]
}

@test "a fuse.ko is taken where it is needed, and only of that kernel" {
	sed -i 's/^CONFIG_FUSE_FS=y/CONFIG_FUSE_FS=m/' config
	mkdir -p tree/arch/x86/boot tree/fs/fuse
	cp config tree/.config
	fake_kernel tree/arch/x86/boot/bzImage 1.2.3 config
	run -2 find_kernel tree
	[[ $output == *"tree/fs/fuse/fuse.ko isn't built"* ]]
	cp tree/arch/x86/boot/bzImage image
	run -2 find_kernel image
	[[ $output == *"FUSE is a module of image: name its fuse.ko (--module)"* ]]
	fake_module tree/fs/fuse/fuse.ko fuse 1.2.3
	fake_module overlay.ko overlay 1.2.3
	run -0 find_kernel --module overlay.ko tree
	expect "modules" "${lines[*]:1}" "$PWD/tree/fs/fuse/fuse.ko $PWD/overlay.ko"
	run -2 find_kernel --module overlay.ko image
	cp tree/fs/fuse/fuse.ko mine.ko
	run -0 find_kernel --module mine.ko tree
	expect "modules" "${lines[*]:1}" "$PWD/mine.ko"
	fake_module mine.ko fuse 1.2.4
	run -2 find_kernel --module mine.ko image
	[[ $output == *"mine.ko is a module of 1.2.4, and the kernel is 1.2.3"* ]]
	run -2 find_kernel --module config image
	[[ $output == *"config is no module"* ]]
	run -2 "$top/scripts/selftest" --module mine.ko
	[[ $output == *"--module is for a kernel of yours"* ]]
}

@test "an image and its module, and a tree, boot" {
	local built
	mapfile -t built < <("$top/scripts/build-module" hardened)
	run -0 --separate-stderr "$top/scripts/vm" --kernel "${built[0]}" --module "${built[1]}" -- \
		sh -c 'uname -r; cat /sys/module/fuse/version'
	[[ ${lines[0]} == *-fuse-epoch && ${lines[1]} == "hardened "* ]]
	mkdir -p tree/arch/x86/boot tree/fs/fuse
	cp "$(dirname "${built[0]}")/tree/.config" tree/
	cp "${built[0]}" tree/arch/x86/boot/bzImage
	cp "${built[1]}" tree/fs/fuse/
	[ "${SANITIZE:-0}" = 0 ] || return 0
	run -0 "$top/scripts/selftest" --kernel tree -o rec.jsonl submounts attributes
	[[ $output == *"submounts: hazard present"*"attributes: hazard absent"* ]]
	expect "records" "$(jq -r '"\(.test) \(.variant) \(.outcome)"' rec.jsonl | paste -sd ,)" \
		"submounts null fail,attributes null pass,guest null pass"
}
