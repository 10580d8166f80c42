#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# restic 0.14.0-1+b5 with fuse3 3.14.0-4: what is mounted on a folder of a `restic mount'
# is unmounted when the folder is looked at after a minute, without a word.
#
# What happens: restic says that a name may be kept for 60 s, and answers each LOOKUP after
# that with a new node, although a snapshot never changes.  To the kernel another folder
# has come in place of the old one, so it detaches what is mounted on that.  0.18.0-1+b4
# of Debian 13 answers with the node that it had.
# Most people expect: a mount stays until somebody unmounts it.
# Output seen: the mount is there after 5 s, and after 65 s it isn't; nobody has unmounted
# it.  On a bindfs, whose nodes stay while they are used, it is there both times.
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
for package in restic=0.14.0-1+b5 fuse3=3.14.0-4 bindfs=1.14.7-1 libfuse2=2.9.9-6+b1; do
	apt-get -qq -o APT::Sandbox::User=root download "$package" || skip "no $package"
	dpkg -x "${package%%=*}"_*.deb root
done
LD_LIBRARY_PATH=$(printf '%s:' "$PWD"/root/{usr/,}lib/*/)
PATH=$PWD/root/usr/bin:$PWD/root/bin:$PATH
export LD_LIBRARY_PATH PATH HOME=$PWD RESTIC_PASSWORD=word
command -v fusermount >/dev/null || ln -s fusermount3 root/bin/fusermount

# serve MOUNTPOINT COMMAND...: a daemon that stays in the foreground.
serve() {
	local at=$1
	"${@:2}" >daemon.log 2>&1 &
	for _ in {1..300}; do
		mountpoint -q "$at" && return
		sleep 0.1
	done
	skip "no mount: $(tail -n 1 daemon.log)"
}

# look FOLDER: what is mounted there, once it has been looked at.
look() {
	stat "$1" >/dev/null || skip "no $1"
	mountpoint -q "$1" && echo yes || echo no
}

mkdir -p source/folder m other
echo data >source/folder/file
{ restic init -q -r repo && restic backup -q -r repo source; } >daemon.log 2>&1 ||
	skip "no backup: $(tail -n 1 daemon.log)"
serve m restic mount -r repo m
serve other bindfs -f source other
mount -t tmpfs below m/snapshots/latest/source/folder || skip "can't mount there"
mount -t tmpfs below other/folder || skip "can't mount there"
sleep 5
early=$(look m/snapshots/latest/source/folder),$(look other/folder)
sleep 60
late=$(look m/snapshots/latest/source/folder),$(look other/folder)
echo "mounted on restic's folder, on bindfs': $early after 5 s, $late after 65 s"
[ "$early $late" = "yes,yes no,yes" ] || { echo "it has changed"; exit 1; }
echo "as described: the mount is gone"
