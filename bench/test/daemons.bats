#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What scripts/daemons says of a daemon whose options say the same: bindfs.

load lib.bash

setup() {
	need_mount
	local tool
	for tool in bindfs strace ip unshare; do
		command -v $tool >/dev/null || skip "needs $tool"
	done
	cd "$BATS_TEST_TMPDIR" || return
	mkdir rows
	TMPDIR=$PWD
	export TMPDIR
}

# row [OPTION...]: bindfs with these, as a row.
row() {
	printf '%s\n' 'package=bindfs' "guess='entry=1 numbers=stay bump=unseen'" \
		"serve() { bindfs -f $* source mnt; }" >rows/mine
}

# measures [OPTION...]: the row, in $rec.
measures() {
	rec=$PWD/rec.jsonl
	"$top/scripts/daemons" --rows rows --bound 1 "$@" >"$rec" 2>errors 3>&- || { cat errors; return 1; }
	cat "$rec"
	[ "$(jq '.seen.bump // .why' "$rec")" != '"refused"' ] || skip "this kernel has no epochs"
}

# says FILTER WANTED
says() { expect "$1" "$(jq -c "$1" "$rec")" "$2"; }

# Mounts end with their namespaces, and so do processes.
teardown() {
	until_true 10 no_daemon
	expect "mounts left" "$(grep -F "$BATS_TEST_TMPDIR" /proc/self/mounts)" ''
	expect "files left" "$(compgen -G "$BATS_TEST_TMPDIR/fuse-epoch-*")" ''
}

no_daemon() { ! pgrep -f "bindfs .*$BATS_TEST_TMPDIR" >/dev/null; }

@test "what bindfs says of names, attributes and missing names is read off the wire" {
	row -o entry_timeout=3600,attr_timeout=1800.5,negative_timeout=900
	measures
	says '.wire.entry | map(.s + 0) | unique' '[3600]'
	says '.wire.attr | map(.s + 0) | unique' '[1800.5]'
	says '.wire.negative | map(.s + 0) | unique' '[900]'
	says .wire.readdirplus false
	says .device_cnt 1
	[[ $(jq -r .library "$rec") == 'libfuse '[23].* ]]
	[[ $(jq .wire.minor "$rec") == [0-9][0-9] ]]
	expect version "$(jq -r .version "$rec")" "$(dpkg-query -W -f '${Version}' bindfs)"
	# A change is unseen before a notification, and then it is seen.
	says '[.unseen.changed_ms, .unseen.appeared_ms]' '[null,null]'
	says .seen '{"bump":"yes","expire_entry":"yes","inval_entry":"yes"}'
	# Everything is asked again after a bump, and nothing else is.
	says '[.wire.phases.again1, .wire.phases.again2, .wire.phases.again3 | .requests.LOOKUP]' \
		'[null,null,null]'
	says '.wire.phases.told2.requests.LOOKUP' 21
	says '[.wire.phases[].notifications] | add' '{}'
	says .numbers '{"names":100,"changed":0}'
	says .overlay '{"bump":"100 of 100","expire":"0 of 100"}'
	says .below '{"bump":"lost","expire":"stays"}'
}

@test "control: with no timeouts a change is seen, and names are asked for again" {
	row -o entry_timeout=0,attr_timeout=0
	measures
	says '.wire.entry + .wire.attr | map(.s + 0) | unique' '[0]'
	says '.unseen | .changed_ms < 1000 and .appeared_ms < 1000' true
	says .seen '{"bump":"anyway","expire_entry":"anyway","inval_entry":"anyway"}'
	says '.wire.phases.again2.requests.LOOKUP >= 20' true
}

# The number changes only at the sixth look, as where a LOOKUP is often quicker than a FORGET.
@test "of a single name, it is looked at more than once whether its number stays" {
	row -o entry_timeout=3600
	echo 'names() { echo top; }
		walk() { echo >>walks; echo $(($(wc -l <walks) > 5)); }' >>rows/mine
	measures
	says .numbers '{"names":1,"changed":1}'
}

@test "what can't run says why, and the guess stays beside what was measured" {
	row -o entry_timeout=1
	measures
	says .guess '{"entry":"1","numbers":"stay","bump":"unseen"}'
	row --no-such-option
	measures
	[[ $(jq -r .why "$rec") == "it doesn't mount: "*no-such-option* ]]
	echo 'package=bindfs impossible="it needs a ship"' >rows/mine
	measures
	says .why '"it needs a ship"'
	echo 'package=no-such-package' >rows/mine
	measures
	says .why '"not installed"'
}

@test "a daemon that hangs ends with its row" {
	row '-o entry_timeout=1'
	echo 'populate() { sleep 1000; }' >>rows/mine
	measures --limit 3
	[[ $(jq -r .why "$rec") == "plain pass: status 124"* ]]
}

@test "a wrong guess comes first on the page, a right one not at all" {
	row -o entry_timeout=2
	measures
	page=$(jq -rs -f "$top/scripts/tables.jq/daemons.jq" "$rec" | sed 's/ (Debian [0-9]*)//')
	[[ $page == *"2 of 3 guesses about 1 file systems"* ]]
	[[ $page == *"| mine | entry timeout | 1 s | 2 s |"* ]]
	[[ $page == *"| mine | a change after a bump | unseen | seen |"* ]]
	[[ $page != *"| mine | numbers"* ]]
}
