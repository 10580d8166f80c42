#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl bump on file systems as Debian has them, of different kinds: what
# changed behind the mount is seen at once, and without the bump it isn't,
# although an hour hasn't passed.

load ctl.bash

# proves PROGRAM: of what is mounted at mnt, served by that.
proves() {
	until_true 10 mounted "$dir/mnt"
	need_epochs
	go_behind
	works bump mnt
	[[ $output == *" of $1["*"])" ]]
	sees $file 7
	sees $absent 2
}

@test "bindfs (libfuse 2, high level)" {
	serve
	proves bindfs
}

@test "sshfs (libfuse 3, network)" {
	serve_sshfs
	proves sshfs
}

@test "mergerfs (a libfuse of its own)" {
	need mergerfs mergerfs
	mergerfs -o cache.entry=3600,cache.attr=3600,cache.negative_entry=3600 \
		source mnt 3>&-
	proves mergerfs
}

@test "unionfs-fuse (libfuse 2, high level)" {
	need unionfs-fuse unionfs
	unionfs -o "$hour" "$dir/source" mnt 3>&-
	proves unionfs
}

@test "fuse-overlayfs (libfuse 3, low level)" {
	need fuse-overlayfs fuse-overlayfs
	fuse-overlayfs -o "lowerdir=$dir/source,timeout=3600" mnt 3>&-
	until_true 10 mounted "$dir/mnt"
	need_epochs
	# It has a list of names of its own, which no bump reaches: only what is in
	# files may change.
	for file in file{1..9}; do
		sees $file 3
		echo longer >"source/$file"
		[ "$(size "mnt/$file")" != 3 ] || break
	done
	sees $file 3
	works bump mnt
	sees $file 7
}

@test "encfs (libfuse 2; names are encrypted)" {
	need encfs encfs
	rm -r source
	mkdir source
	local encfs=(encfs --extpass='echo password' "$dir/source")
	"${encfs[@]}" --standard "$dir/mnt" </dev/null >/dev/null 2>&1 3>&-
	mkdir other
	echo hi | tee mnt/file{1..9} >/dev/null
	umount mnt
	"${encfs[@]}" "$dir/mnt" -- -o "$hour" </dev/null 3>&-
	until_true 10 mounted "$dir/mnt"
	need_epochs
	# Behind the mount is another of the same files.
	"${encfs[@]}" "$dir/other" </dev/null 3>&-
	until_true 10 mounted "$dir/other"
	go_behind other
	works bump mnt
	sees $file 7
	sees $absent 2
}

@test "rclone (Go, network): a WebDAV server on this machine" {
	need "rclone (15 MB, so scripts/setup doesn't install it)" rclone
	export RCLONE_CONFIG=/dev/null
	local port=$((30000 + RANDOM % 10000))
	rclone serve webdav --dir-cache-time 1ms --addr 127.0.0.1:$port \
		"$dir/source" >log 2>&1 3>&- &
	pids+=($!)
	until_true 10 grep -q 'Serving\|started on' log
	rclone mount --daemon --dir-cache-time 1ms --attr-timeout 1h \
		--webdav-url http://127.0.0.1:$port :webdav: "$dir/mnt" 2>/dev/null 3>&-
	until_true 10 mounted "$dir/mnt"
	need_epochs
	sees file 3
	pin file
	echo longer >source/new
	mv source/new source/file
	sleep 0.1 # both keep folders for 1 ms
	sees file 3
	works bump mnt
	sees file 7
}

@test "ntfs-3g (fuseblk: another kind of device number)" {
	need ntfs-3g mkntfs
	truncate -s 4M image
	mkntfs -qF image >/dev/null 2>&1
	local loop
	loop=$(losetup -f --show image) || skip "needs a loop device"
	ntfs-3g "$loop" mnt 3>&- || { losetup -d "$loop"; false; }
	losetup -d "$loop" # once it is unmounted
	need_epochs
	echo hi >mnt/file
	# Only itself can change it: that it goes on is all there is to see.
	works bump mnt
	[[ $output == *" of ntfs-3g["* ]]
	works inval mnt file
	sees file 3
}
