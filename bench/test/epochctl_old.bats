#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl on kernels that lack something, which a preloaded library makes of
# this one.

load ctl.bash

@test "before 6.12: mount namespaces are found by their processes" {
	serve
	need_epochs
	preload old <<-'C'
		#include <errno.h>
		int ioctl(int fd, unsigned long request, ...)
		{
			errno = ENOTTY;
			return -1;
		}
	C
	epochctl bump mnt
	# There may be a process here that is closed even to root.
	[ "$status" = 0 ] || [[ $errors == *"not all mount namespaces"* ]]
	elsewhere "mount -t tmpfs none $dir/mnt/sub"
	refused 1 "(of process $other)" bump mnt
}

# A kernel before 6.9 lends nothing of a thread, and fdinfo is as before 6.16.
before_6_9() {
	preload old <<-'C'
		#include <errno.h>
		#include <fcntl.h>
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int pidfd_open(pid_t pid, unsigned int flags)
		{
			if (!(flags & O_EXCL))
				return syscall(SYS_pidfd_open, pid, flags);
			errno = EINVAL;
			return -1;
		}
		ssize_t read(int fd, void *buf, size_t len)
		{
			static const char line[] = "fuse_connection:";
			ssize_t got = syscall(SYS_read, fd, buf, len);
			char *at = got > 0 ? memmem(buf, got, line, sizeof(line) - 1) : NULL;
			return at ? at - (char *)buf : got;
		}
	C
}

@test "before 6.9: what only a thread has can't be borrowed" {
	oddly own
	need_epochs
	before_6_9
	refused 1 "only Linux 6.9 and later lend that" bump mnt
}

@test "before 6.9: threads that have what their process has are no obstacle" {
	oddly clone
	need_epochs
	mkdir other
	bindfs -f source other 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/other"
	kill -9 $!
	wait $! || true
	before_6_9
	refused 1 " serves connection " bump other
}

# A kernel before 6.16 has no such line in fdinfo.
without_fdinfo() {
	preload old <<-'C'
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		ssize_t read(int fd, void *buf, size_t len)
		{
			static const char line[] = "fuse_connection:";
			ssize_t got = syscall(SYS_read, fd, buf, len);
			char *at = got > 0 ? memmem(buf, got, line, sizeof(line) - 1) : NULL;
			if (at)
				got = at - (char *)buf;
			return got;
		}
	C
}

@test "before 6.16: connections are told apart by mounting them once more" {
	serve
	need_epochs
	mkdir other
	bindfs -f -o "$hour" source other 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/other"
	# An open device that isn't mounted belongs to nobody, and stays so.
	exec 4<>/dev/fuse
	without_fdinfo
	go_behind
	works bump mnt
	[[ $output == *"[$daemon])" ]]
	sees $file 7
	works bump other
	[[ $output == *"[$!])" ]]
	lists -j
	expect servers "$(jq -s --arg d "$dir/" '[.[] | select(.mount |
		startswith($d)).pid] | sort' -c <<<"$output")" \
		"$(printf '%s\n' "$daemon" $! | jq -sc sort)"
	exec 4>&-
}

@test "before 6.16, fuseblk: there is no way to be sure, so nothing is sent" {
	need ntfs-3g mkntfs
	truncate -s 4M image
	mkntfs -qF image >/dev/null 2>&1
	loop=$(losetup -f --show image) || skip "needs a loop device"
	ntfs-3g "$loop" mnt
	losetup -d "$loop" # once it is unmounted
	without_fdinfo
	refused 1 "for fuseblk there is no other way to be sure" bump mnt
}

@test "a kernel without epochs: 77, and list says no" {
	serve
	preload old <<-'C'
		#include <errno.h>
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		ssize_t write(int fd, const void *buf, size_t len)
		{
			static const unsigned char msg[8] = { 16, 0, 0, 0, 8 };
			if (len == 16 && !memcmp(buf, msg, sizeof(msg))) {
				errno = EINVAL;
				return -1;
			}
			return syscall(SYS_write, fd, buf, len);
		}
	C
	refused 77 "this kernel has no epochs: it needs Linux 6.16" bump mnt
	refused 77 "this kernel has no epochs: it needs Linux 6.16" \
		bump --dry-run mnt
	listed .epochs
	expect epochs "$value" false
	works inval mnt sub
}
