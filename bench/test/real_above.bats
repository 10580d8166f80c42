#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Real programs that stand on a FUSE file system, or mount in it: overlayfs, bubblewrap,
# autofs.  epochctl bump finds and names them, and refuses.  Told to go on it does the harm
# that it names; expire does none.

load real.bash

# stale HOW...: names of a fresh overlay that answer ESTALE.
stale() {
	above merged "$dir/mnt"
	cat merged/d{1..40}/file >/dev/null
	tell "$@"
	walk
	found=$(cat merged/d{1..40}/file 2>&1 | grep -c 'Stale file handle' || :)
	umount merged
	rm -r layers/merged layers/merged.work
}

@test "an overlay on sshfs" {
	need_overlay
	plant
	serve_sshfs
	need_both
	none stale nothing
	none stale expire
	none stale inval # inval_entry
	some stale bump --break-overlays
	# It was mounted again in each trial: that heals it.
	above merged "$dir/mnt"
	expect "file" "$(cat merged/d1/file)" "content 1"
	refused 1 "  $dir/merged (overlay), on $dir/mnt" bump mnt
	[[ $errors == *"or say --break-overlays" ]]
	# What changed beneath is seen through it, by way of expire.
	stat merged/d1/file >/dev/null
	echo "longer than before" >source/d1/file
	works expire mnt
	expect "size" "$(size merged/d1/file)" 19
}

# fails HOW...: files that can't be read any more through a fuse-overlayfs.
fails() {
	mkdir -p merged
	fuse-overlayfs -f -o "lowerdir=$dir/mnt,timeout=3600" merged 3>&- 2>/dev/null &
	pids+=($!)
	until_true 10 mounted "$dir/merged"
	cat merged/d{1..40}/file >/dev/null
	tell "$@"
	walk
	found=$(cat merged/d{1..40}/file 2>&1 >/dev/null | wc -l)
	umount merged
	ended "${pids[-1]}"
}

@test "fuse-overlayfs on sshfs takes no harm, and bump doesn't refuse" {
	need fuse-overlayfs fuse-overlayfs
	plant
	serve_sshfs
	need_both
	none fails bump
}

need_bwrap() {
	need bubblewrap bwrap
	bwrap --ro-bind / / true || skip "bubblewrap can't run here"
}

# sandbox ARGUMENT...: bubblewrap; its last argument is a script that says what it sees,
# after it was told to go on.
sandbox() {
	talk bwrap "${@:1:$#-1}" bash -c "echo in; read -r _; ${*: -1}"
	hear
	expect sandbox "$said" in
}

# leave: what it says, in $said, and then it ends.
leave() {
	go_on
	hear
	end_talk
}

# bound_files HOW...: whether a sandbox can't hand a file that was bound into it to one of
# its own.
bound_files() {
	sandbox --ro-bind / / --tmpfs /tmp --bind "$dir/mnt/d1/file" /tmp/file \
		--bind "$dir/mnt/d2" /tmp/folder '
		cat /tmp/file /tmp/folder/file |
			cmp -s - <(printf "%s\n" "content 1" "content 2") || { echo unread; exit; }
		bwrap --ro-bind / / --tmpfs /run --bind /tmp/file /run/file cat /run/file'
	tell "$@"
	walk
	leave
	case $said in
	"content 1") found=0 ;;
	*"Can't bind mount"*) found=1 ;;
	*) expect "the sandbox" "$said" "" ;;
	esac
}

@test "bubblewrap: a file that is bound in" {
	need_bwrap
	plant
	serve
	need_both
	none bound_files nothing
	none bound_files expire
	some bound_files inval # inval_entry
	some bound_files bump --break-file-mounts
	sandbox --ro-bind / / --tmpfs /tmp --bind "$dir/mnt/d1/file" /tmp/file 'echo end'
	refused 1 "  /tmp/file (fuse), in mount namespace " bump mnt
	[[ $errors == *", on /d1/file"*"or say --break-file-mounts" ]]
	leave
}

@test "bubblewrap: a folder that is bound in takes no harm" {
	need_bwrap
	plant
	serve
	need_both
	sandbox --ro-bind / / --tmpfs /tmp --bind "$dir/mnt/d2" /tmp/folder '
		bwrap --ro-bind / / --tmpfs /run --bind /tmp/folder /run/x cat /run/x/file'
	tell bump
	walk
	leave
	expect folder "$said" "content 2"
}

# container ARGUMENT...: bubblewrap, with the file system as its root.
container() {
	sandbox --bind "$dir/mnt" / --bind /usr /usr --proc /proc --dev /dev \
		--ro-bind "$dir/resolv.conf" /etc/resolv.conf "$@"
}

furnish() {
	mkdir source/{etc,usr,proc,dev}
	cp -P /bin /lib* source # links into /usr
	touch source/etc/resolv.conf
	echo "nameserver ::1" >resolv.conf
}

# lost HOW...: of /usr, /proc, /dev and a file in /etc, what a container loses.
lost() {
	container '
		lost=0
		for path in /usr/bin/bash /proc/self /dev/null; do
			[ -e $path ] || : $((lost++))
		done
		[ -s /etc/resolv.conf ] || : $((lost++))
		echo $lost'
	tell "$@"
	stat mnt/{usr,proc,dev,etc/resolv.conf} >/dev/null
	leave
	found=$said
}

@test "bubblewrap: a container whose root it is" {
	need_bwrap
	furnish
	serve
	need_both
	none lost nothing
	none lost expire
	some lost bump --detach-submounts --break-file-mounts
	expect "lost" "$found" 4
	container 'echo end'
	refused 1 "  /proc (proc), in mount namespace " bump mnt
	[[ $errors == *"  /etc/resolv.conf ("* ]]
	leave
}

@test "bubblewrap: such a container, with a part of an overlay that isn't on it" {
	need_overlay
	need_bwrap
	furnish
	mkdir -p low/part source/part
	serve
	need_both
	above merged "$dir/low"
	# In there, its layer's path would lead to the file system.
	container --bind merged/part /part 'echo end'
	refused 1 "  /part (overlay), in mount namespace " bump mnt
	[[ $errors != *"overlays above"* ]]
	leave
}

# in_autofs COMMAND...: where the automount daemon is.
in_autofs() {
	nsenter -t "$other" -m "$@"
}

# automount_at FOLDER: what is named below it is mounted when it is used.  In a mount
# namespace of its own, which ends with it: it writes to /run.
automount_at() {
	mkdir "$dir/volume"
	echo data >"$dir/volume/file"
	printf '%s\n' '#!/bin/sh' "echo '-fstype=bind :$dir/volume'" >map
	chmod 755 map
	echo "$1 program:$dir/map" >master
	# A process group of its own: those in it see no mounts.
	elsewhere "mount -t tmpfs none /run
		setsid automount -f -p '$dir/pid' '$dir/master' >log 2>&1 3>&- &
		echo \$! >automount"
	until_true 10 [ -s automount ]
	pids+=("$(<automount)")
	until_true 10 in_autofs mountpoint -q "$1"
}

@test "autofs beneath" {
	need "autofs (scripts/setup doesn't install it: it is a service)" automount
	grep -qw autofs /proc/filesystems || skip "this kernel has no autofs"
	serve
	need_both
	automount_at "$dir/mnt/sub"
	expect key "$(in_autofs cat "$dir/mnt/sub/key/file")" data
	refused 1 "  $dir/mnt/sub (autofs), in mount namespace " bump mnt
	[[ $errors == *"  $dir/mnt/sub/key ("*"or say --detach-submounts" ]]
	works expire mnt
	stat mnt/sub >/dev/null
	expect "a new key" "$(in_autofs cat "$dir/mnt/sub/other/file")" data
	works bump --detach-submounts mnt
	stat mnt/sub >/dev/null
	! in_autofs cat "$dir/mnt/sub/third/file" || false
	! in_autofs mountpoint -q "$dir/mnt/sub" || false
}
