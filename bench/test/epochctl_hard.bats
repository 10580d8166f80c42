#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl where it must refuse, or where not all is as usual: mounts beneath,
# other namespaces, daemons that hang or end, users who may not.

load ctl.bash

@test "what is mounted beneath: refused, listed, and left where it is" {
	serve
	need_epochs
	mount -t tmpfs none mnt/sub
	mkdir mnt/sub/deep
	mount -t ramfs none mnt/sub/deep
	refused 1 "  $dir/mnt/sub (tmpfs)" bump mnt
	[[ $errors == *"refused: what is mounted beneath would be detached"* ]]
	[[ $errors == *"  $dir/mnt/sub/deep (ramfs)"* ]]
	[[ $errors == *"unmount that first, or say --detach-submounts"* ]]
	# Each of them once.
	expect lines "$(wc -l <<<"$errors")" 4
	lists
	[[ $output == *"beneath: $dir/mnt/sub (tmpfs)"* ]]
	[[ $output == *"beneath: $dir/mnt/sub/deep (ramfs)"* ]]
	stat mnt/sub >/dev/null
	mounted "$dir/mnt/sub/deep"
}

@test "paths are named whole, however long they are" {
	local part path=$dir/mnt/sub
	serve
	mount -t tmpfs none mnt/sub
	part=$(printf 'x%.0s' {1..250})
	cd mnt/sub
	# One that can't be opened by its path: that has over 4096 bytes.
	for _ in {1..20}; do
		mkdir "$part"
		cd "./$part"
		path+=/$part
	done
	mount -c -t tmpfs none .
	cd "$dir"
	lists
	[[ $output == *"beneath: $path (tmpfs)"* ]]
	epochctl inval mnt sub
	[[ $errors == *"epochctl:   $path (tmpfs)"* ]]
	umount -l mnt/sub
}

@test "--detach-submounts: done, and they are gone at the next lookup" {
	serve
	need_epochs
	mount -t tmpfs none mnt/sub
	works bump -j --detach-submounts mnt
	expect beneath "$(jq -r '.beneath[].mount' <<<"$output")" "$dir/mnt/sub"
	stat mnt/sub >/dev/null
	expect mounts "$(ours)" "$dir/mnt"
}

@test "beneath, in another mount namespace: refused, and says whose" {
	serve
	need_epochs
	elsewhere "mount -t tmpfs none $dir/mnt/sub"
	refused 1 "$dir/mnt/sub (tmpfs), in mount namespace" bump mnt
	[[ $errors == *"(of process $other)"* ]]
	listed '.beneath[0].namespace_pid'
	expect pid "$value" "$other"
}

@test "beneath, in a mount namespace in which nobody lives" {
	serve
	need_epochs
	mkdir keep
	mount --bind keep keep
	mount --make-private keep
	: >keep/ns
	unshare --mount=keep/ns --propagation private mount -t tmpfs none mnt/sub
	# Older kernels can only be asked by way of processes.
	lists_namespaces || skip "this kernel doesn't list mount namespaces (6.12)"
	refused 1 "$dir/mnt/sub (tmpfs), in mount namespace" bump mnt
	[[ $errors == *"(in which no process lives)"* ]]
}

# NS_MNT_GET_PREV: the first has no other before it, but says so.
lists_namespaces() {
	perl -e 'open NS, "<", "/proc/self/ns/mnt" or die;
		my $info = pack "LLQ", 16, 0, 0;
		exit !(ioctl(NS, 0x8010b70c, $info) || $!{ENOENT})'
}

@test "beneath, mounted while we look for the daemon" {
	serve
	need_epochs
	preload late <<-'C'
		#include <dlfcn.h>
		#include <stdlib.h>
		#include <sys/mount.h>
		int pidfd_getfd(int pidfd, int fd, unsigned int flags)
		{
			int (*real)(int, int, unsigned int) = dlsym(RTLD_NEXT, "pidfd_getfd");
			mount("none", getenv("AT"), "tmpfs", 0, NULL);
			return real(pidfd, fd, flags);
		}
	C
	as+=(AT="$dir/mnt/sub")
	refused 1 "  $dir/mnt/sub (tmpfs)" bump mnt
	as=()
	stat mnt/sub >/dev/null
	mounted "$dir/mnt/sub"
}

@test "beneath a part of it that is bound elsewhere" {
	serve
	need_epochs
	mkdir part source/sub/deep
	mount --bind mnt/sub part
	mount -t tmpfs none part/deep
	refused 1 "  $dir/part/deep (tmpfs)" bump mnt
	refused 1 "  $dir/part/deep (tmpfs)" inval mnt sub
	umount part/deep
	works bump mnt
}

@test "in a chroot: also what it hides" {
	serve
	need_epochs
	mount -t tmpfs none mnt/sub
	mkdir -p root/{proc,mnt}
	mount --bind mnt root/mnt
	furnish root
	as=(chroot "$dir/root")
	refused 1 "$dir/mnt/sub (tmpfs)" bump /mnt
}

# furnish FOLDER: with what epochctl needs in a chroot.
furnish() {
	local path
	for path in usr lib lib64 dev proc "${ctl%/*}"; do
		[ -d "/${path#/}" ] || continue
		mkdir -p "$1/${path#/}"
		mount --bind "/${path#/}" "$1/${path#/}"
	done
}

@test "in a chroot that lies in the file system: what is mounted there" {
	mkdir -p source/root/{sub,again,proc}
	serve
	need_epochs
	mount -t tmpfs none mnt/root/sub
	mkdir again
	mount --bind mnt again
	mount --bind again mnt/root/again
	furnish mnt/root
	as=(chroot "$dir/mnt/root")
	refused 1 "  /sub (tmpfs)" bump /again
	refused 1 "  /sub (tmpfs)" inval /again root/sub
	works inval /again sub
}

@test "over it all: the root is never looked up, so that stays" {
	serve
	need_epochs
	mkdir again
	mount --bind mnt again
	mount -t tmpfs none mnt
	works bump again
	stat again/sub >/dev/null
	expect mounts "$(ours | grep -c "^$dir/mnt$")" 2
	refused 2 "is tmpfs, not FUSE" bump mnt
	# And over that.
	mount --bind again mnt
	works bump mnt
}

@test "a daemon that hangs: bump and list don't wait, inval says so" {
	serve
	need_epochs
	stat mnt >/dev/null
	hang stat mnt/nonexistent
	works bump mnt
	lists
	refused 1 "no answer for 1 s: its daemon hangs" \
		inval --timeout 1 mnt sub/file
	# In a directory that is locked for a lookup, not even a kill helps.
	refused 1 "no answer for 1 s: its daemon hangs" \
		inval --timeout 1 mnt name
	expect state "$(awk '/^State:/ { print $2 }' "/proc/$daemon/status")" T
	kill -CONT "$daemon"
	wait "$waiter" || true
}

@test "a daemon that has ended" {
	serve
	kill -9 "$daemon"
	wait "$daemon" || true
	refused 1 " serves connection " bump mnt
	[[ $errors == *"its daemon has ended"*"then unmount it"* ]]
	listed .pid
	expect pid "$value" null
}

@test "a file called fuse is no device, and its file system isn't asked" {
	local other
	mkdir other
	echo x >source/fuse
	serve
	sleep 100 9<mnt/fuse 3>&- &
	pids+=($!)
	# Whose daemon has ended: so all processes are looked into.
	bindfs -f source other 3>&- &
	other=$!
	pids+=("$other")
	until_true 10 mounted "$dir/other"
	kill -9 "$other"
	wait "$other" || true
	kill -STOP "$daemon"
	refused 1 " serves connection " bump other
	lists
}

@test "fuseblk: a device that isn't mounted is none that isn't told" {
	need ntfs-3g mkntfs
	truncate -s 4M image
	mkntfs -qF image >/dev/null 2>&1
	loop=$(losetup -f --show image) || skip "needs a loop device"
	ntfs-3g -o no_detach "$loop" mnt 3>&- &
	daemon=$!
	pids+=("$daemon")
	until_true 10 mounted "$dir/mnt"
	losetup -d "$loop" # once it is unmounted
	grep -q fuse_connection "/proc/$daemon/fdinfo/"* ||
		skip "this kernel doesn't tell (6.16)"
	kill -9 "$daemon"
	wait "$daemon" || true
	exec 4<>/dev/fuse
	refused 1 " serves connection " bump mnt
	exec 4>&-
}

@test "a connection that was aborted, though the daemon lives" {
	serve
	kill -STOP "$daemon"
	abort_connection "$(connection)"
	refused 1 "its connection was aborted: unmount it" bump mnt
}

@test "a daemon that ends while we look" {
	serve
	preload ends <<-'C'
		#include <dlfcn.h>
		#include <signal.h>
		#include <stdlib.h>
		#include <unistd.h>
		static void end(const char *when)
		{
			if (!getenv(when))
				return;
			kill(atoi(getenv(when)), SIGKILL);
			usleep(300000);
		}
		int pidfd_open(pid_t pid, unsigned int flags)
		{
			int (*real)(pid_t, unsigned int) = dlsym(RTLD_NEXT, "pidfd_open");
			end("BEFORE_OPEN");
			int fd = real(pid, flags);
			end("AFTER_OPEN");
			return fd;
		}
		int pidfd_getfd(int pidfd, int fd, unsigned int flags)
		{
			int (*real)(int, int, unsigned int) = dlsym(RTLD_NEXT, "pidfd_getfd");
			int ret = real(pidfd, fd, flags);
			end("AFTER_GETFD");
			return ret;
		}
	C
	local when
	for when in BEFORE_OPEN AFTER_OPEN AFTER_GETFD; do
		as=(env "LD_PRELOAD=$dir/ends.so" "$when=$daemon")
		refused 1 "$dir/mnt: its daemon ended" bump mnt
		as=()
		umount mnt
		serve
	done
}

@test "a bump that is refused for another reason: what to do" {
	serve
	preload refuses <<-'C'
		#include <errno.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		ssize_t write(int fd, const void *buf, size_t len)
		{
			if (len != 16)
				return syscall(SYS_write, fd, buf, len);
			errno = EACCES;
			return -1;
		}
	C
	refused 1 "can't bump: Permission denied; if \`epochctl list\` shows" bump mnt
}

@test "a daemon in another pid namespace: seen from above, not from beside" {
	need bindfs bindfs
	unshare -p -f --kill-child bindfs -f -o "$hour" source mnt 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/mnt"
	need_epochs
	works bump mnt
	as=(unshare -pf --mount-proc)
	refused 1 "pid namespace that this /proc doesn't show" bump mnt
	epochctl list
	expect status "$status" 0
	[[ $output == *" ?  ? "*"$dir/mnt"* ]]
}

@test "a mount in another mount namespace: listed, and bumped there" {
	need bindfs bindfs
	elsewhere "bindfs -o $hour $dir/source $dir/mnt"
	lists
	[[ $output == *"$dir/mnt (fuse"*"in mount namespace"*"of process"* ]]
	refused 2 "nothing is mounted there, in this mount namespace" bump mnt
	as=(nsenter -t "$other" -m)
	epochctl bump "$dir/mnt"
	[ "$status" != 77 ] || skip "this kernel has no epochs"
	expect status "$status" 0
}

# As somebody else, who may use a copy of it.
as_nobody() {
	command -v setpriv >/dev/null || skip "needs setpriv"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$dir"
	mkdir -p tool
	cp "$ctl" tool
	ctl=$dir/tool/epochctl
	as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
}

# on_proc OPTION: in what runs as somebody else, /proc is mounted with it.
on_proc() {
	# shellcheck disable=SC2016 # for that shell to expand
	as=(unshare -m sh -c 'mount -t proc -o "$0" none /proc && exec "$@"' "$1"
		"${as[@]}")
}

@test "who isn't allowed is told what to do" {
	serve
	as_nobody
	on_proc hidepid=0
	refused 1 "run as root, or as the user who mounted it" bump mnt
	refused 1 "run as root" inval mnt file
	epochctl list
	expect status "$status" 0
	[[ $errors == *"processes can't be looked into: run as root"* ]]
	[[ $errors == *"not all mount namespaces can be looked into"* ]]
}

@test "root of a user namespace isn't root of all mount namespaces" {
	serve
	unshare -r -m true || skip "needs user namespaces"
	as=(unshare -r -m)
	lists
	[[ $errors == *"can be looked into: run as root of the host, not of a user"* ]]
}

@test "root without the right to borrow is told what it lacks" {
	serve
	as=(setpriv --bounding-set=-sys_ptrace --inh-caps=-all)
	"${as[@]}" true || skip "needs setpriv"
	refused 1 ": run with CAP_SYS_PTRACE, which root lacks here, or as the user" \
		bump mnt
	lists
	[[ $errors == *"can't be looked into: run with CAP_SYS_PTRACE"* ]]
}

@test "root without the right to mount is told what it lacks" {
	serve
	as=(setpriv --bounding-set=-sys_admin --inh-caps=-all)
	"${as[@]}" true || skip "needs setpriv"
	refused 1 "would be detached: run with CAP_SYS_ADMIN, which root lacks" bump mnt
	refused 1 "not permitted (run with CAP_SYS_ADMIN, which root lacks here)" \
		inval -m expire_entry mnt file
	lists
	[[ $errors == *"namespaces can be looked into: run with CAP_SYS_ADMIN"* ]]
}

@test "where /proc hides the processes of others, that is said" {
	serve
	as_nobody
	on_proc hidepid=2
	refused 1 "those of others are hidden (hidepid): run as root, or as" bump mnt
	lists
	[[ $errors == *"missing daemons (hidepid): run as root"* ]]
}

@test "users, their own daemons, and mounts that are closed to root" {
	oddly user
	as_nobody
	# What is beneath elsewhere, only root of the host can know.
	refused 1 "not all mount namespaces can be looked into" bump mnt
	refused 1 "not all mount namespaces can be looked into" inval mnt name
	works inval -m inval_inode mnt .
	# Nor have a connection to ask the kernel with.
	epochctl bump --dry-run --detach-submounts mnt
	expect status "$status" 0
	[[ $errors == *"has epochs wasn't checked: "*"(run as root)"* ]]
	[[ $output == *"could be bumped"* ]]
	epochctl bump --detach-submounts mnt
	[ "$status" != 77 ] || skip "this kernel has no epochs"
	expect status "$status" 0
	as=()
	works bump mnt
	works inval mnt name
	epochctl inval mnt folder/name
	expect status "$status" 1
	[[ $errors == *"closed to all but the user who mounted it, root too"* ]]
}

@test "without fusectl: known nevertheless, and nothing is mounted for it" {
	serve
	# shellcheck disable=SC2016 # for that shell to expand
	as=(unshare -m sh -c 'umount "$0" 2>/dev/null
		"$@" && ! grep -F " $0 " /proc/self/mountinfo' \
		/sys/fs/fuse/connections)
	listed .waiting
	expect waiting "$value" 0
}

@test "without /proc" {
	serve
	as=(unshare -m sh -c 'umount -l /proc; exec "$@"' sh)
	refused 1 "is /proc mounted?" bump "$dir/mnt"
	refused 1 "is /proc mounted?" list
}

@test "many mounts, namespaces and connections: all are counted, time is CPU time" {
	need bindfs bindfs
	BUILD=$build "$top/scripts/ctl-mounts" --connections 3 --copies 4 --mounts 80 \
		-o record 2
	jq -e -s 'length == 2 and all(.schema == 1 and .namespaces == 4 and
		.connections == 3 and .mounts >= 4 * 80 and (.user_ms | length == 2) and
		(.user_ms + .sys_ms | max) < 5000)' record
}
