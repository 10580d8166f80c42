#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# fuse-overlayfs 1.10-1 (libfuse3-3 3.14.0-4), Linux 6.18: after a remount, a file
# of the lower layer that had two names and was changed by one of them reads as
# something that nobody ever wrote.
#
# What happens: lower/a and lower/b are one file.  A line is appended to m/a, which
# copies it up, and that is well: upper/a has both lines.  Then the overlay is unmounted
# and mounted again.  The copy still has the number of the file that it was copied from,
# which is b's, too.  So a and b, two files by now, are one inode to the kernel: the size
# is one file's, and the data is the other's.
# Most people expect: a has two lines.  b has one (the link is broken, as with the
# kernel's overlayfs) or two; and no zeros anywhere.
# Output seen: upper/a is "one\ntwo\n", and m/a is "one\n\0\0\0\0", as is m/b.
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
for package in fuse-overlayfs=1.10-1 libfuse3-3=3.14.0-4; do
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

overlay() { serve root/usr/bin/fuse-overlayfs -f -o lowerdir=lower,upperdir=upper,workdir=work m; }

mkdir lower upper work m
echo one >lower/a
ln lower/a lower/b
overlay
echo two >>m/a
umount m
wait
overlay
stat -c '%n: inode %i, %h links, %s bytes' m/a m/b
for file in upper/a m/a m/b; do
	echo "$file:"
	od -An -c "$file"
done
printf 'one\ntwo\n' | cmp -s - upper/a || { echo "upper/a is wrong: not as described"; exit 1; }
printf 'one\n\0\0\0\0' | cmp -s - m/a || { echo "m/a has changed"; exit 1; }
echo "as described: m/a has zeros that nobody wrote"
