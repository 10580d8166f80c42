#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# unionfs-fuse 1.0-1+b1 (libfuse2 2.9.9-6+b1) with -o cow: if the upper branch is full,
# `touch' of a big file of the lower branch cuts that file off, and exits 0.
#
# What happens: to touch the file, unionfs copies it up.  When there is no space left,
# it ignores that, and the part that it has copied stays and hides the whole file.
# chmod, chown and mv leave the same stump; they fail, with ENOENT.
# Most people expect: ENOSPC, and the file as it was (as with fuse-overlayfs).
# Output seen: touch exits 0; the file had 2000000 bytes, and has 1048576 afterwards.
# It is whole in the lower branch, if one knows to look there.
set -u

skip() { echo "can't run here: $*" >&2; exit 77; }
own=(unshare --mount --pid --fork --kill-child --mount-proc)
if [ "${1-}" != inside ]; then
	[ "$(id -u)" = 0 ] || skip "it needs root"
	[ -e /dev/fuse ] || skip "it needs /dev/fuse"
	"${own[@]}" true || skip "it needs namespaces"
	exec "${own[@]}" "$BASH" "$0" inside
fi
# Mounts, processes and /tmp are its own, and end with it.
trap 'exit 77' INT TERM
mount -t tmpfs tmpfs /tmp || skip "it needs a tmpfs"
cd /tmp || exit 77
for package in unionfs-fuse=1.0-1+b1 libfuse2=2.9.9-6+b1; do
	apt-get -qq -o APT::Sandbox::User=root download "$package" || skip "no $package"
	dpkg -x "${package%%=*}"_*.deb root
done
LD_LIBRARY_PATH=$(printf '%s:' "$PWD"/root/{usr/,}lib/*/)
export LD_LIBRARY_PATH

# serve COMMAND...: a daemon that stays in the foreground and mounts at m.
serve() {
	"$@" >daemon.log 2>&1 &
	for _ in {1..100}; do
		mountpoint -q m && return
		sleep 0.1
	done
	skip "no mount: $(tail -n 1 daemon.log)"
}

mkdir upper lower m
mount -t tmpfs -o size=1m tmpfs upper
head -c 2000000 /dev/urandom >lower/file
serve root/usr/bin/unionfs -f -o cow upper=RW:lower=RO m
stat -c 'before: %s bytes' m/file
touch m/file
status=$?
sleep 2 # the kernel knows attributes for a second
size=$(stat -c %s m/file)
echo "touch exits $status; after: $size bytes; in lower: $(stat -c %s lower/file)"
[ "$status $size" = "0 1048576" ] || { echo "it has changed"; exit 1; }
echo "as described: the file is cut off, and nothing said so"
