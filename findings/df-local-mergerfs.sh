#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# mergerfs 2.33.5-1 with GNU df of coreutils 9.1-1: `df -l', local file systems only,
# leaves out a pool of two folders of a local disk.
#
# What happens: mergerfs names its mount after its branches, "/a:/b".  df takes each file
# system whose source has a colon for remote, as that is how NFS names look.  So does
# what shares that rule with df (gnulib's).  A bindfs of a folder with a colon in its
# name fares alike; mhddfs, which joins with a semicolon, doesn't.
# Most people expect: df -l lists it; mergerfs pools are local disks.  An alarm on full
# disks that uses df -l never sees the biggest one.
# Output seen: df lists it, df -l doesn't; `df -l m' says "no file systems processed" and
# exits 1.  With -o fsname=pool, df -l lists it.
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
for package in mergerfs=2.33.5-1 coreutils=9.1-1; do
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

# lists OPTION...: does df with these list m?
lists() {
	if root/bin/df --output=target "$@" 2>/dev/null | grep -qx "$PWD/m"; then
		echo yes
	else
		echo no
	fi
}

# pool OPTION...: what df says of a pool that is mounted so.
pool() {
	serve root/usr/bin/mergerfs -f "$@" one:two m
	echo "source $(findmnt -no SOURCE m): df lists it: $(lists), df -l: $(lists -l)"
	root/bin/df -l m >/dev/null
	umount m
	wait
}

mkdir one two m
pool >said
pool -o fsname=pool >>said
cat said
grep -q "two: df lists it: yes, df -l: no" said || { echo "it has changed"; exit 1; }
grep -q "pool: df lists it: yes, df -l: yes" said || { echo "it has changed"; exit 1; }
echo "as described: df -l doesn't list the pool"
