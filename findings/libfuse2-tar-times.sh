#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# libfuse2 2.9.9-6+b1 with bindfs 1.14.7-1 and GNU tar 1.34; alike with unionfs-fuse 1.0,
# mhddfs, encfs, fuse-zip and archivemount: extracting with tar loses all times, and
# `touch -m' does nothing.  Both exit 0.
#
# What happens: tar sets the mtime and leaves the atime as it is (UTIME_OMIT).  For a
# file system that hasn't set flag_utime_omit_ok, libfuse 2 passes times on only if both
# are to be set.  Else it answers "done" and does nothing.  cp -p and rsync set both.
# (The case of encfs and tar is known upstream; that it is each such daemon isn't.)
# Most people expect: the mtime in the archive, or else an error.
# Output seen: tar and touch -m exit 0, and the mtime is that of the extraction; after
# cp -p it is 2001.
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
for package in bindfs=1.14.7-1 libfuse2=2.9.9-6+b1 tar=1.34+dfsg-1.2+deb12u1; do
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

# year COMMAND...: the year of m/file after that.
year() {
	"$@" || { echo "$*: failed: not as described" >&2; exit 1; }
	sleep 1.5 # the kernel knows attributes for a second
	date -r m/file +%Y
	rm m/file
}

mkdir source m
echo data >file
touch -d 2001-02-03 file
root/bin/tar -cf file.tar file
serve root/usr/bin/bindfs -f source m
now=$(date +%Y)
by_cp=$(year cp -p file m/) || exit
by_tar=$(year root/bin/tar -C m -xf file.tar) || exit
echo data >m/file
by_touch=$(year touch -m -d 2001-02-03 m/file) || exit
echo "the year of the file: $by_cp by cp -p, $by_tar by tar, $by_touch by touch -m"
[ "$by_cp" = 2001 ] || { echo "cp -p loses it, too: not as described"; exit 1; }
[ "$by_tar $by_touch" = "$now $now" ] || { echo "it has changed"; exit 1; }
echo "as described: tar and touch -m set no time, and say nothing"
