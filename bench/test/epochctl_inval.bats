#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl inval: what was named becomes stale, and nothing else.

load ctl.bash

# sent COUNT ARGUMENT...: so many messages were taken, none refused.
sent() {
	local wanted=$1
	shift
	works inval -j "$@"
	expect sent "$(jq '"\(.sent_cnt) \(.failed_cnt)"' -r <<<"$output")" "$wanted 0"
}

@test "inval_entry: that name is asked again, another isn't" {
	serve
	go_behind
	works inval mnt $file
	[[ $output == "$dir/mnt: inval_entry: 1 sent, 0 not cached, 0 failed "*"[$daemon])" ]]
	sees $file 7
	sees $absent none
}

@test "inval_entry: a name that there isn't is one, too" {
	serve
	go_behind
	sent 1 mnt $absent
	sees $absent 2
	sees $file 3
	# What isn't cached can't be stale.
	works inval -j mnt never
	expect uncached "$(jq .uncached_cnt <<<"$output")" 1
}

@test "inval_entry of a folder: all below is forgotten" {
	mkdir -p source/sub/a/b
	echo hi >source/sub/a/b/file
	serve
	sees sub/a/b/file 3
	echo longer >source/sub/a/b/new
	mv source/sub/a/b/new source/sub/a/b/file
	sent 1 mnt sub
	sees sub/a/b/file 7
}

@test "expire_entry: the name is asked again" {
	serve
	epochctl inval -m expire_entry mnt file
	[ "$status" != 77 ] || skip "this kernel has no expire_entry"
	go_behind
	sent 1 -m expire_entry mnt $file
	sees $file 7
	sees $absent none
}

@test "inval_inode: attributes and data, of an inode whose number is another" {
	serve
	expect data "$(cat mnt/file)" hi
	sees file 3
	pin file
	echo longer >source/file
	sees file 3
	# What stat says is the number behind the mount, not the node id.
	expect number "$(stat -c %i mnt/file)" "$(stat -c %i source/file)"
	sent 1 -m inval_inode mnt file
	sees file 7
	expect data "$(cat mnt/file)" longer
}

# What is in the file that was pinned last: through that descriptor, because to
# open it again would drop what is cached.
data() {
	perl -e 'open F, "<&=", $ARGV[0] or die; sysseek F, 0, 0;
		sysread F, $data, 99; print $data' "${pinned[-1]}"
}

@test "inval_inode: data of an open file" {
	serve
	pin file
	expect data "$(data)" hi
	echo ho >source/file
	expect data "$(data)" hi
	sent 1 -m inval_inode mnt file
	expect data "$(data)" ho
}

@test "inval_inode_attr: attributes" {
	serve
	sees file 3
	pin file
	echo longer >source/file
	sees file 3
	sent 1 -m inval_inode_attr mnt file
	sees file 7
}

@test "inval_inode leaves names as they are" {
	serve
	go_behind
	sent 1 -m inval_inode mnt .
	sees $absent none
	sent 1 mnt $absent
	sees $absent 2
}

@test "paths: as usual, or relative to the mount, or from a file" {
	serve
	: >source/sub/x
	ls -R mnt >/dev/null
	sent 1 -m inval_inode mnt file
	sent 1 -m inval_inode mnt mnt/file
	sent 1 -m inval_inode mnt "$dir/mnt/file"
	sent 1 -m inval_inode mnt sub/../file
	sent 1 -m inval_inode mnt mnt
	sent 1 -m inval_inode mnt .
	sent 2 -m inval_inode mnt sub/x/ sub//x
	ln -s mnt link
	sent 1 -m inval_inode link "$dir/link/file"
	cd mnt/sub
	sent 1 -m inval_inode ../../mnt x
	cd ../..
	find mnt -print0 >paths
	sent 13 -m inval_inode --files0-from=paths mnt
	sent 13 -m inval_inode --files0-from=- mnt <paths
	find "$PWD/mnt" -print0 >paths
	sent 14 -m inval_inode --files0-from=paths mnt file
	refused 2 "nonexistent: can't be read" inval --files0-from=nonexistent mnt
}

@test "a list that takes longer than the daemon may" {
	serve
	(sleep 2 && printf 'file\0sub') |
		sent 2 -m inval_inode --timeout 1 --files0-from=- mnt
	: | works inval --files0-from=- mnt
	refused 2 "sub: can't be read: Is a directory" \
		inval --files0-from=source/sub mnt
}

@test "what keeps it from starting a process is told" {
	serve
	preload none <<-'C'
		#include <errno.h>
		#include <unistd.h>
		pid_t fork(void)
		{
			errno = EAGAIN;
			return -1;
		}
	C
	refused 1 "can't start a process that asks the daemon: Resource temp" \
		inval mnt file
}

@test "the whole tree, name by name, is as stale as after a bump" {
	mkdir -p source/sub/{a,b}/{c,d}
	local file files=(sub/f sub/a/f sub/a/c/f sub/b/d/f)
	for file in "${files[@]}"; do echo hi >"source/$file"; done
	serve
	pin "${files[@]}"
	for file in "${files[@]}"; do
		echo longer >source/new
		mv source/new "source/$file"
		sees "$file" 3
	done
	find mnt -depth -mindepth 1 -print0 >paths
	works inval --files0-from=paths mnt
	for file in "${files[@]}"; do sees "$file" 7; done
}

# unfit TEXT ARGUMENT...: told, and the rest is done all the same.
unfit() {
	local text=$1
	shift
	epochctl inval -j "$@" file
	expect status "$status" 1
	[[ $errors == *"$text"* ]]
	expect counts "$(jq -r '"\(.path_cnt) \(.sent_cnt) \(.failed_cnt)"' \
		<<<"$output")" "2 1 1"
	stat mnt/file >/dev/null
}

@test "paths that can't be are told, and don't keep others from being done" {
	serve
	ln -s / source/out
	ls -l mnt >/dev/null
	unfit "not on the file system that is mounted at $dir/mnt" mnt /etc/passwd
	unfit "not on the file system" mnt out/etc/passwd
	unfit "not on the file system" mnt ../source/file
	unfit "needs a name" mnt mnt
	unfit "needs a name" mnt sub/..
	unfit "No such file or directory" mnt nonexistent/x
	unfit "so no inode either" -m inval_inode mnt nonexistent
	unfit "Not a directory" mnt file/x
	unfit "File name too long" mnt "$(printf '%*s' 1500 '' | tr ' ' x)"
	mount -t tmpfs none mnt/sub
	: >mnt/sub/x
	unfit "or on something mounted beneath" mnt sub/x/y
	unfit "or on something mounted beneath" -m inval_inode mnt sub/x
}

@test "a mount that is a file: its inode, and where its name is" {
	serve
	sees file 3
	pin file
	: >target
	mount --bind mnt/file target
	echo longer >source/file
	sees file 3
	sent 1 -m inval_inode target .
	sees file 7
	sent 1 -m inval_inode target target
	refused_name "target is a single file, and its name is elsewhere: name it"
	[[ $errors == *" in the whole file system, at $dir/mnt "* ]]
	umount -l mnt
	refused_name "\`epochctl bump\` reaches it"
}

refused_name() {
	epochctl inval target x
	expect status "$status" 1
	[[ $errors == *"$1"* ]]
}

@test "what is mounted there, or below: refused; beside it: not" {
	mkdir -p source/sub/deep source/beside
	: >source/sub/deep/x
	serve
	ls -R mnt >/dev/null
	mount -t tmpfs none mnt/sub/deep
	refused 1 "  $dir/mnt/sub/deep (tmpfs)" inval mnt sub/deep
	refused 1 "unmount that first, or say --detach-submounts" inval mnt file sub
	sent 1 mnt beside
	sent 1 -m inval_inode mnt sub
	epochctl inval -m expire_entry mnt sub
	[ "$status" != 77 ] || skip "this kernel has no expire_entry"
	stat mnt/sub >/dev/null
	mounted "$dir/mnt/sub/deep"
	sent 1 --detach-submounts mnt sub
	expect mounts "$(ours)" "$dir/mnt"
}

@test "what is mounted there while the list is written" {
	serve
	stat mnt/sub >/dev/null
	# By then it has looked for the mount.
	(sleep 1 && mount -t tmpfs none mnt/sub && printf sub) |
		refused 1 "  $dir/mnt/sub (tmpfs)" inval --files0-from=- mnt
	mounted "$dir/mnt/sub"
}

@test "a kernel without expire_entry: 77, as it would take it for inval_entry" {
	serve
	preload old <<-'C'
		#include <linux/fuse.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		ssize_t read(int fd, void *buf, size_t len)
		{
			struct { struct fuse_in_header head; struct fuse_init_in init; } *ask = buf;
			ssize_t got = syscall(SYS_read, fd, buf, len);
			if (got >= (ssize_t)sizeof(*ask) && ask->head.opcode == FUSE_INIT)
				ask->init.flags2 = 0;
			return got;
		}
	C
	refused 77 "this kernel has no expire_entry: it needs Linux 6.2" \
		inval -m expire_entry mnt file
}

@test "what can't be written is a failure" {
	serve
	status=0
	"$ctl" inval mnt sub >/dev/full 2>errors || status=$?
	expect status "$status" 1
	grep -q "can't write: No space left" errors
}
