#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# archivemount 0.8.7-1+b1 (libfuse2 2.9.9-6+b1): after `mv' of a directory, which exits
# 0, nothing in it can be reached, by no name, before the archive is mounted again.
#
# What happens: archivemount renames the entries of the archive, but it goes on looking
# for what is in the directory by its old path.  The new name lists it, and stat() of
# each name says ENOENT.  A directory that was made since the mount fares worse: its move
# is lost, and the archive gets the old name.
# Most people expect: the files under the new name, at once; or an error of mv.
# Output seen: `ls m/new' lists "file"; neither m/new/file nor m/old/file can be read;
# the archive has new/file afterwards.  made/, moved to moved/, is made/ in the archive.
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
for package in archivemount=0.8.7-1+b1 libarchive13=3.6.2-1+deb12u5 libfuse2=2.9.9-6+b1; do
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

mkdir old m
echo data >old/file
tar -cf a.tar old
serve root/usr/bin/archivemount -f a.tar m
mkdir m/made
echo data >m/made/file
if ! mv m/old m/new || ! mv m/made m/moved; then
	echo "mv has failed: not as described"
	exit 1
fi
sleep 2 # the kernel knows names for a second
listed=$(ls -U m/new 2>/dev/null)
echo "m/new lists: $listed"
reached=
for file in m/new/file m/old/file m/moved/file m/made/file; do
	cat "$file" && reached+=" $file"
done
umount m
wait
entries=$(tar -tf a.tar)
echo "the archive has: ${entries//$'\n'/ }"
[ "$listed$reached" = file ] || { echo "it has changed:$reached"; exit 1; }
[[ $entries == *new/file* && $entries == *made/file* && $entries != *moved* ]] ||
	{ echo "the archive has changed"; exit 1; }
echo "as described: what is in a moved directory can't be reached"
