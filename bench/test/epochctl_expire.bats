#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochctl expire: all names below are asked for again, and nothing is torn down.

bats_require_minimum_version 1.5.0
load ctl.bash

need_expire() {
	epochctl expire "$dir/mnt"
	[ "$status" != 77 ] || skip "this kernel has no expire_entry"
}

# told WANTED FILTER [PATH...]: of what expire -j says, with no word on stderr.
told() {
	works expire -j mnt "${@:3}"
	expect "$2" "$(jq -c "$2" <<<"$output")" "$1"
}

@test "names at any depth are asked for again" {
	mkdir -p source/sub/deep/er
	echo a >source/sub/deep/er/file
	serve
	need_expire
	expect before "$(size mnt/sub/deep/er/file) $(size mnt/file)" "2 3"
	echo longer >source/sub/deep/er/file
	echo longest >source/file
	expect cached "$(size mnt/sub/deep/er/file) $(size mnt/file)" "2 3"
	# 10 files, sub, deep, er, and the file in there; 9 files aren't cached.
	told '["expire_entry",14,5,9,0]' '[.method, .path_cnt, .sent_cnt, .uncached_cnt, .failed_cnt]'
	expect after "$(size mnt/sub/deep/er/file) $(size mnt/file)" "7 8"
}

@test "paths: only what is named, and below" {
	mkdir source/other
	echo a | tee source/sub/file >source/other/file
	serve
	need_expire
	stat mnt/sub/file mnt/other/file mnt/file mnt/file1
	echo longer | tee source/sub/file source/other/file source/file >source/file1
	told 3 .path_cnt sub "$dir/mnt/file"
	expect sizes "$(size mnt/sub/file) $(size mnt/other/file) $(size mnt/file) $(size mnt/file1)" \
		"7 2 7 3"
}

@test "what is mounted beneath stays, and isn't read" {
	serve
	need_expire
	mount -t tmpfs none mnt/sub
	touch mnt/sub/of_tmpfs
	told 11 .path_cnt
	stat mnt/sub >/dev/null
	mounted "$dir/mnt/sub"
}

@test "an overlay above works on" {
	need_overlay
	serve
	need_expire
	echo old >source/sub/file
	mkdir merged
	mount -t overlay o -o "lowerdir=$dir/mnt/sub:$dir/source" merged
	cat merged/file
	works expire mnt
	expect file "$(cat merged/file)" old
}

@test "a path elsewhere is told, a name that is missing is sent, and the rest is done" {
	serve
	need_expire
	stat mnt/file
	epochctl expire mnt absent /etc file
	expect status "$status" 1
	[[ $errors == *"/etc: not on the file system"* ]]
	[[ $output == *" 2 sent, 0 not cached, 1 failed"* ]] # also that "absent" is
	epochctl expire
	expect status "$status" 2
	epochctl expire "$dir/source"
	expect status "$status" 2
}

@test "a daemon that hangs: it gives up, and leaves nothing" {
	serve
	need_expire
	kill -STOP "$daemon"
	epochctl expire --limit 1 mnt
	expect status "$status" 1
	[[ $errors == *"answer"* ]]
	kill -CONT "$daemon"
	until_true 10 timeout 5 stat mnt/file
}

@test "what it costs beside a bump is measured" {
	need bindfs bindfs
	serve
	need_epochs
	need_expire
	BUILD=$build run -0 "$top/scripts/ctl-expire" -r 2 -o out.jsonl 20
	[[ $output == *"bump of 20 names: "*"expire of 20 names: "* ]]
	jq -e -s 'length == 2 and all(.schema == 1 and (.walk_ms | length) == 2)' out.jsonl
	run -2 "$top/scripts/ctl-expire" 0
}

@test "a catalogue that is switched below containers: a bump has them refuse, expire doesn't" {
	need bindfs bindfs
	serve
	need_epochs
	need_expire
	BUILD=$build run -0 "$top/scripts/catalogue" -r 1 -m bump,expire -o out.jsonl 300
	[[ $output == *"bump of 300 names: "*"refused 600, old 0; anew: refused 0"*"expire of 300 names: "* ]]
	# Nothing of it is old, and after expire nothing is refused.
	jq -e -s 'length == 2 and all(.schema == "catalogue/1" and .changed == 3 and
		.below_old_cnt == [0] and .anew_refused_cnt == [0] and .anew_old_cnt == [0]) and
		.[0].refused_cnt == [600] and .[1].refused_cnt == [0] and .[1].old_cnt == [0]' out.jsonl
	run -2 "$top/scripts/catalogue" -m frob 300
	run -2 "$top/scripts/catalogue" 0
}
