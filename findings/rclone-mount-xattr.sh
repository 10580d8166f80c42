#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# rclone 1.60.1+dfsg-2+b5 with fuse3 3.14.0-4, on its local backend: whoever asks for an
# extended attribute of a file on an `rclone mount' hears of an input/output error.
#
# What happens: rclone has no extended attributes.  To GETXATTR and LISTXATTR of a folder
# it answers EOPNOTSUPP, to those of a file EIO.
# Most people expect: "not supported" for both, which all tools pass over in silence; EIO
# is the word of a broken disk.  An overlay whose lower layer is such a mount can be
# mounted, and then answers EIO for each of its files.
# Output seen: `getfattr -n user.x' says "Operation not supported" of the folder, and
# "Input/output error" of the file; `cp --preserve=xattr' exits 1; the file can be read
# through rclone, and not through an overlay above it.
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
for package in rclone=1.60.1+dfsg-2+b5 fuse3=3.14.0-4 coreutils=9.1-1 attr=1:2.5.1-4 libattr1=1:2.5.1-4; do
	apt-get -qq -o APT::Sandbox::User=root download "$package" || skip "no $package"
	dpkg -x "${package%%=*}"_*.deb root
done
LD_LIBRARY_PATH=$(printf '%s:' "$PWD"/root/{usr/,}lib/*/)
PATH=$PWD/root/usr/bin:$PWD/root/bin:$PATH
export LD_LIBRARY_PATH PATH HOME=$PWD
command -v fusermount >/dev/null || ln -s fusermount3 root/bin/fusermount

mkdir -p source/folder m over layers
echo data >source/file
rclone mount --config /dev/null "$PWD/source" m >daemon.log 2>&1 &
for _ in {1..100}; do
	mountpoint -q m && break
	sleep 0.1
done
mountpoint -q m || skip "no mount: $(tail -n 1 daemon.log)"

# word COMMAND...: what it said after the last colon.
word() { "$@" 2>&1 >/dev/null | sed 's/.*: //'; }

folder=$(word getfattr -n user.x m/folder)
file=$(word getfattr -n user.x m/file)
cp --preserve=xattr m/file copy 2>/dev/null
copied=$?
mount -t tmpfs layers layers || skip "it needs a tmpfs"
mkdir layers/upper layers/work
mount -t overlay over -o lowerdir=m,upperdir=layers/upper,workdir=layers/work over ||
	skip "it needs an overlay"
above=$(word cat over/file)
echo "attribute of the folder: $folder; of the file: $file; cp: $copied; the file: $(
	cat m/file); in an overlay: $above"
if [ "$folder" = "Operation not supported" ] && [ "$file" = "Input/output error" ] &&
	[ $copied = 1 ] && [ "$(cat m/file)" = data ] && [ "$above" = "Input/output error" ]; then
	echo "as described: EIO for an attribute of a file"
else
	echo "it has changed"
	exit 1
fi
