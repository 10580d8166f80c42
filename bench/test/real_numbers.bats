#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Real programs that know files by their numbers, on sshfs, which numbers anew what was
# forgotten: nothing has changed, and after a bump they take everything for new.  After
# expire they don't, nor on bindfs, which passes numbers on.

load real.bash

# bumped_and_expired COMMAND...: the harm that it counts.
bumped_and_expired() {
	serve_sshfs
	need_both
	none "$@" nothing
	none "$@" expire
	some "$@" bump
	some "$@" inval # inval_entry
	unmount
	serve
	none "$@" bump
}

numbers() {
	stat -c '%i %n' mnt/d*/file >before
	tell "$@"
	stat -c '%i %n' mnt/d*/file >after
	found=$(comm -13 <(sort before) <(sort after) | wc -l)
}

@test "stat: numbers of files" {
	plant
	bumped_and_expired numbers
}

git_in() {
	git -c safe.directory='*' -c user.name=x -c user.email=x@y -C "$@"
}

git_differs() {
	git_in mnt status >/dev/null # its index has what is known now
	tell "$@"
	found=$(git_in mnt diff-files --name-only | wc -l)
}

@test "git: files that differ, for programs that don't have it read them again" {
	need git git
	plant
	git_in source init -q
	git_in source add -A
	git_in source commit -qm "what never changes"
	bumped_and_expired git_differs
}

tar_dumps() {
	rm -f snapshot
	tar -C mnt -g "$dir/snapshot" -cf /dev/null .
	tell "$@"
	tar -C mnt -g "$dir/snapshot" -cf again.tar .
	found=$(tar -tf again.tar | grep -c '/file$' || :)
}

@test "tar --listed-incremental: files that are dumped again" {
	need tar tar
	plant
	bumped_and_expired tar_dumps
}

restic_changed() {
	local restic=(env RESTIC_PASSWORD=x "RESTIC_CACHE_DIR=$dir/cache" restic -r repo)
	[ -d repo ] || "${restic[@]}" init >/dev/null
	"${restic[@]}" backup -q mnt
	tell "$@"
	found=$("${restic[@]}" backup --json mnt | jq 'select(.files_changed).files_changed')
}

@test "restic: files that are read again, since they are said to have changed" {
	need restic restic
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	plant
	bumped_and_expired restic_changed
}

logtail_prints() {
	local i
	for i in {1..4}; do logtail -f "mnt/d$i/file" -o "offset$i" >/dev/null; done
	tell "$@"
	found=$(for i in {1..4}; do logtail -f "mnt/d$i/file" -o "offset$i"; done | wc -l)
}

@test "logtail: lines of logs that are printed again" {
	need logtail logtail
	plant
	bumped_and_expired logtail_prints
}

# cp looks at a file, asks, and opens it: here is time for whatever else happens.
cp_skips() {
	local i
	rm -rf copy
	cp -a source copy
	found=0
	talk cp -ai mnt/d{1..3} copy
	for i in {1..3}; do
		hear "?"
		[[ $said != *"replaced while being copied"* ]] || found=$((found + 1))
		tell "$@"
		go_on y
	done
	end_talk
}

@test "cp -a: files that are skipped" {
	plant
	bumped_and_expired cp_skips
}

# handles HOW...: files that aren't found any more by the handles that they had, after a
# walk; and at once, in $found_at_once.
handles() {
	[ -x handles ] || cc -D_GNU_SOURCE -Wall -o handles "$top/bench/test/tools/handles.c"
	talk ./handles mnt mnt/d*/file
	hear
	expect "at first" "$said" 0
	tell "$@"
	go_on
	hear
	found_at_once=$said
	walk
	go_on
	hear
	found=$said
	end_talk
}

@test "open_by_handle_at: files that aren't found after a walk, also on bindfs" {
	plant
	serve_sshfs
	need_both
	none handles nothing
	none handles expire
	some handles bump
	expect "before the walk" "$found_at_once" 0
	some handles inval # inval_entry
	# It passes numbers of files on, but not those of nodes, of which handles are made.
	unmount
	serve
	none handles expire
	some handles bump
}

@test "open_by_handle_at: all are found where sshfs has noforget" {
	plant
	serve_sshfs -o noforget
	need_both
	none handles bump
}
