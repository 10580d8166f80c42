#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# fuse-overlayfs 1.10-1 (libfuse3-3 3.14.0-4) and GNU tar 1.34: `tar --sparse' archives
# nothing but zeros of a file that its writer has written and fsynced, and holds open.
#
# What happens: fuse-overlayfs uses the kernel's writeback cache and lets attributes
# live for ever.  The number of blocks is that of the file's creation, 0, and fsync()
# doesn't have it asked again; only a close() does, a reader's, too.  To tar, a file
# without blocks is one big hole, which needn't be read.  So a new log or database in a
# container is lost in such a backup, and tar exits 0.
# Most people expect: the data, as it is after fsync(), or at least an error.
# Output seen: 0 blocks, and an archive of 1000000 zeros; after the writer's close()
# 1960 blocks, and the archive is right.
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
for package in fuse-overlayfs=1.10-1 libfuse3-3=3.14.0-4 tar=1.34+dfsg-1.2+deb12u1; do
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

# archive OUT: m/log through tar --sparse.
archive() {
	stat -c "%n: %s bytes, %b blocks" m/log
	root/bin/tar -cf log.tar --sparse m/log ||
		{ echo "tar says that it failed: not as described"; exit 1; }
	root/bin/tar -xOf log.tar >"$1"
	echo "the archive has $(tr -d '\0' <"$1" | wc -c) bytes that aren't zeros"
}

mkdir lower upper work m
mkfifo written end
serve root/usr/bin/fuse-overlayfs -f -o lowerdir=lower,upperdir=upper,workdir=work m
# Perl, because a shell closes copies of its descriptors, and each close() counts.
perl -MIO::Handle -e '
	open my $log, ">", "m/log" or die;
	print $log "some text\n" x 100000;
	$log->flush and $log->sync or die;
	open my $written, ">", "written" or die;
	close $written;
	open my $end, "<", "end" or die' &
writer=$!
cat written
sleep 2 # not a matter of a second
archive held
: >end
wait "$writer"
archive closed
cmp -s m/log closed || { echo "the second archive is wrong, too: not as described"; exit 1; }
head -c 1000000 /dev/zero | cmp -s - held || { echo "the first archive has changed"; exit 1; }
echo "as described: the first archive has only zeros"
