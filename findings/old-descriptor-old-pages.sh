#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bindfs 1.14.7-1 (libfuse2 2.9.9-6+b1), Linux 6.18; alike with sshfs, mergerfs and
# unionfs-fuse: if a file is replaced beneath the mount by rename(), a descriptor that
# was opened before makes one that is opened afterwards read the old data.
#
# What happens: a path is one inode to such a daemon and to the kernel, even if another
# file has that name now.  Each open() empties the inode's page cache, but all
# descriptors fill it, each from the file that the daemon opened for it.  So the last
# reader with the old file puts old pages into what the new reader reads.
# Most people expect: who opens the file after the rename() reads the new file, whole.
# That is what replacing by rename() is for.
# Output seen: if the old descriptor reads nothing, the new one reads 262144 new lines.
# If it reads 4 bytes in between, the new one reads both old and new lines, a file that
# has never been: old ones as far as the kernel read ahead (32768 lines).
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
for package in bindfs=1.14.7-1 libfuse2=2.9.9-6+b1; do
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

content() { yes "$1" | head -c 1048576; }

# lines OLD_READS: what a reader gets that opens the file after it was replaced.
lines() {
	content old >source/file
	sleep 2 # what the kernel knows of the file before is too old after a second
	exec 5<m/file
	content new >source/next
	mv source/next source/file
	sleep 2
	exec 6<m/file
	head -c "$1" <&5 >/dev/null
	sort <&6 | uniq -c | sed 's/^ */  /'
	exec 5<&- 6<&-
}

mkdir source m
serve root/usr/bin/bindfs -f source m
echo "the old descriptor reads nothing; the new one reads:"
lines 0 | tee without
echo "the old descriptor reads 4 bytes; the new one reads:"
lines 4 | tee with
grep -q old without && { echo "old lines at once: not as described"; exit 1; }
grep -q old with || { echo "it has changed: only new lines"; exit 1; }
echo "as described: the new descriptor reads old lines"
