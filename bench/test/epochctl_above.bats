#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl and what stands on a FUSE file system: overlays, files that are mounted
# elsewhere, loop devices; and what a bump really does to them.

load ctl.bash

@test "an overlay: refused, named, and it works on" {
	need_overlay
	serve
	need_epochs
	echo old >source/sub/file
	above merged
	cat merged/file
	refused 1 "  $dir/merged (overlay), on $dir/mnt/sub" bump mnt
	[[ $errors == *"refused: overlays above would answer ESTALE"* ]]
	[[ $errors == *"end that first, or say --break-overlays" ]]
	epochctl bump --dry-run mnt
	expect "a rehearsal" "$status" 1
	expect "reading it" "$(cat merged/file)" old
	lists
	[[ $output == *"above: $dir/merged (overlay), on $dir/mnt/sub"* ]]
	works list -j
	expect above "$(jq -r --arg m "$dir/mnt" 'select(.mount == $m) | .above[] |
		"\(.kind) \(.mount) \(.on) \(.namespace)"' <<<"$output")" \
		"overlay $dir/merged $dir/mnt/sub 0"
}

@test "--break-overlays: done, and the harm is what was said" {
	need_overlay
	serve
	need_epochs
	echo old >source/sub/file
	above merged
	cat merged/file
	works bump -j --break-overlays mnt
	expect above "$(jq -r '.above[].kind' <<<"$output")" overlay
	run cat merged/file
	[[ $status != 0 && $output == *"Stale file handle"* ]]
}

@test "names that overlays escape, layers of data, an overlay on an overlay" {
	local odd=$'co:lon, com,ma\\ x'
	need_overlay
	mkdir "source/$odd"
	serve
	need_epochs
	local escaped=${odd//\\/\\\\}
	escaped=${escaped//:/\\:}
	above first "$dir/source:$dir/mnt/${escaped//,/\\,}"
	above second "$dir/first"
	refused 1 "  $dir/first (overlay), on " bump mnt
	[[ $errors == *"  $dir/second (overlay), on $dir/first"* ]]
	# Neither is on what only has a name that begins so.
	umount second first
	mkdir source/sub2 mnt2
	above third "$dir/source/sub2"
	works bump mnt
}

@test "layers named by relative paths, as Docker does, are found" {
	need_overlay
	mkdir -p source/{l,one/diff,two/diff,three/{diff,work,merged}}
	ln -s ../one/diff source/l/ONE
	ln -s ../two/diff source/l/TWO
	serve
	need_epochs
	# The folder of all that is a mount's: what is mounted there is detached, too.
	(cd mnt && exec mount -t overlay docker -o lowerdir=l/ONE:l/TWO three/merged)
	refused 1 "  $dir/mnt/three/merged (overlay), on l/ONE" \
		bump --detach-submounts mnt
	umount mnt/three/merged
	# From a folder above, through a link that leads in there.
	mkdir -p data/merged
	ln -s ../mnt/one data/l
	(cd data && exec mount -t overlay docker -o lowerdir=l/diff:../mnt/two/diff merged)
	refused 1 "  $dir/data/merged (overlay), on l/diff" bump mnt
	umount data/merged
	# And what only sounds alike isn't meant.
	mkdir -p else/{l/ONE,two,merged}
	(cd else && exec mount -t overlay docker -o lowerdir=l/ONE:two merged)
	works bump mnt
}

@test "an overlay in another mount namespace is found from here" {
	local other
	need_overlay
	serve
	need_epochs
	mkdir merged layers
	coproc unshare -m --propagation private sh -c '
		mount -t tmpfs none layers && mkdir layers/up layers/work &&
		mount -t overlay o -o "lowerdir=$0/mnt/sub,upperdir=$0/layers/up,workdir=$0/layers/work" merged &&
		echo there && read -r _' "$dir"
	other=$COPROC_PID
	pids+=("$other")
	read -r -u "${COPROC[0]}" _
	refused 1 "  $dir/merged (overlay), in mount namespace " bump mnt
	[[ $errors == *"(of process $other), on $dir/mnt/sub"* ]]
}

@test "a file that is mounted elsewhere: refused; a folder isn't" {
	serve
	need_epochs
	mkdir folder
	touch bound
	mount --bind mnt/sub folder
	works bump --dry-run mnt
	mount --bind mnt/file bound
	refused 1 "  $dir/bound (fuse), on /file" bump mnt
	[[ $errors != *folder* ]]
	works bump --break-file-mounts mnt
	# What was said of it.
	stat mnt/file >/dev/null
	cat bound
	touch other
	run mount --bind bound other
	[ "$status" != 0 ]
	# It is broken now: no more reason to refuse.
	works bump mnt
}

@test "a loop device with a file in it" {
	local loop
	serve
	need_epochs
	truncate -s 1M source/image
	loop=$(losetup -f --show "$dir/mnt/image") || skip "no loop devices here"
	refused 1 "  $loop, on $dir/mnt/image" bump mnt
	works bump --leave-loops mnt
	losetup -d "$loop"
}

@test "several kinds at once: all are told, with all options" {
	need_overlay
	serve
	need_epochs
	touch bound
	above merged
	mount --bind mnt/file bound
	mount -t tmpfs none mnt/sub
	refused 1 "or say --break-overlays and --break-file-mounts" bump mnt
	[[ $errors == *"$dir/mnt/sub (tmpfs)"*"or say --detach-submounts" ]]
	works bump --break-overlays --break-file-mounts --detach-submounts mnt
}

@test "the root's mode, which has no name, is looked up again after a bump" {
	serve
	need_epochs
	stat mnt >/dev/null
	chmod 711 source
	expect "before" "$(stat -c %a mnt)" 755
	works bump -j mnt
	expect sent "$(jq .root_sent <<<"$output")" true
	expect "after" "$(stat -c %a mnt)" 711
}

@test "list names who serves, not a child that has inherited the descriptor" {
	oddly heir
	until_true 10 pgrep -P "$daemon"
	pids+=("$(pgrep -P "$daemon")")
	listed .pid
	expect pid "$value" "$daemon"
}

@test "list names who serves, not its parent that has the descriptor, too" {
	oddly pair
	until_true 10 pgrep -P "$daemon"
	pids+=("$(pgrep -P "$daemon")")
	listed .pid
	expect pid "$value" "${pids[-1]}"
}

# As afuse does, which mounts what a user asks for: bindfs is a daemon then, and has both.
@test "list names who serves, not a daemon that it has started" {
	oddly parent
	until_true 10 eval '[ "$(pgrep -cf "^./daemon $dir/mnt parent")" = 2 ]'
	mapfile -t -O ${#pids[@]} pids < <(pgrep -f "^./daemon $dir/mnt parent")
	listed .pid
	expect pid "$value" "$daemon"
}
