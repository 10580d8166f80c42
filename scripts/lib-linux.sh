# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the caller's variables, as said here
# How Linux and fs/fuse are built for guests.  To be sourced after lib.sh, by those who
# build them (build-kernel, build-module, build-tree); $here is this folder.

configs=$here/../kernel/config

# configure SOURCE LAYER...: tinyconfig, with these of kernel/config/ on top.
configure() {
	local layer
	clean make -s -C "$1" tinyconfig
	for layer in "${@:2}"; do
		cat "$configs/$layer.config" >>"$1/.config"
	done
	clean make -s -C "$1" olddefconfig 2>/dev/null
}

# untaken SOURCE LAYER...: what these say and its configuration doesn't, "LAYER LINE".
untaken() {
	local layer line
	for layer in "${@:2}"; do
		while IFS= read -r line; do
			grep -qxF "$line" "$1/.config" || echo "$layer $line"
		done < <(grep -E '^(# )?CONFIG_' "$configs/$layer.config")
	done
}

# "# Compiles 1290 files." in the last layer that says so: for the progress.
file_cnt() { # LAYER...
	local layer
	for layer; do
		sed -n 's/^# Compiles \([0-9]*\) files.*/\1/p' "$configs/$layer.config"
	done | tail -n 1
}

# compile_kernel SOURCE OUT: leaves in OUT the image, System.map, and as tree what
# external modules need, as distributions ship it, and fs/fuse.  SOURCE goes.  Its
# configuration is of the caller's layers.
compile_kernel() {
	local src=$1 out=$2
	step "$out/log" "$(file_cnt "${layers[@]}")" make -C "$src" -j "${JOBS:-$(nproc)}" \
		KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=user KBUILD_BUILD_HOST=host \
		bzImage modules
	strip -g "$src/vmlinux"
	rm -rf "$src"/fs/fuse/*.o "$src"/fs/fuse/*.ko "$src"/fs/fuse/*.mod*
	cp "$src/arch/x86/boot/bzImage" "$src/System.map" "$out/"
	(cd "$src" && tar -cf - --exclude='*.o' Makefile .config Module.symvers \
		vmlinux include scripts arch/x86/include arch/x86/Makefile* \
		fs/fuse tools/objtool/objtool \
		tools/bpf/resolve_btfids/resolve_btfids) |
		{ mkdir "$out/tree" && tar -xf - -C "$out/tree"; }
	rm -rf "$src" "$out/log"
}

# compile_fuse TREE SOURCE VERSION OUT: leaves in OUT fuse.ko, of SOURCE/fs/fuse; with
# debug information, for whoever must tell the lines of a report, fuse.debug; and
# warnings, which is empty if there are none.
# Only fs/fuse is built again, so SOURCE's uapi header must win over the one of the
# kernel's tree: NOSTDINC_FLAGS come before the include paths.
compile_fuse() {
	local tree=$1 dir=$2 version=$3 out=$4
	# The module says itself what it is: /sys/module/fuse/version.
	echo "MODULE_VERSION(\"$version\");" >>"$dir/fs/fuse/inode.c"
	step "$out/log" 15 make -C "$tree" M="$dir/fs/fuse" -j "${JOBS:-$(nproc)}" \
		NOSTDINC_FLAGS="-nostdinc -I$dir/include/uapi" W=1 modules
	grep -A 3 'fs/fuse.*warning:' "$out/log" >"$out/warnings" || :
	strip -g -o "$out/fuse.ko" "$dir/fs/fuse/fuse.ko"
	cp "$dir/fs/fuse/fuse.ko" "$out/fuse.debug"
	rm "$out/log"
}
