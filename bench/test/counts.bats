#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The daemon's counts against what each method must cause.

load lib.bash

setup() {
	need_mount
}

teardown() {
	[ -z "${driver-}" ] || kill -9 "$driver" 2>/dev/null || true
}

# method: LOOKUP GETATTR FORGET over 23 files in one directory, each of 2 runs.
# The 24th of the bump, of PRUNE and of the others that take the directory's
# dentry along is that directory itself.
causes() {
	measure -n 23 -r 2 -m "$1"
	skip_unoffered
	expect "$1 LOOKUP" "$(ops "$1" total LOOKUP)" "$2 $2"
	expect "$1 GETATTR" "$(ops "$1" total GETATTR)" "$3 $3"
	expect "$1 FORGET" "$(ops "$1" total FORGET)" "$4 $4"
}

@test "none causes no request" {
	causes none 0 0 0
	expect ops "$(jq -c .phases.total.ops "$rec")" "{}"
}

@test "epoch: 24 LOOKUPs over 23 files" {
	causes epoch 24 0 24
}

@test "inval_inode_attr: 23 GETATTRs over 23 files" {
	causes inval_inode_attr 0 23 0
}

@test "inval_inode: 23 GETATTRs over 23 files" {
	causes inval_inode 0 23 0
}

@test "inval_entry: 23 LOOKUPs over 23 files" {
	causes inval_entry 23 0 23
}

@test "inval_entry_top: 24 LOOKUPs over 23 files, of one message" {
	causes inval_entry_top 24 0 24
	expect msgs "$(jq -c .msgs "$rec")" "[1,1]"
}

@test "expire_entry: 23 LOOKUPs over 23 files, nothing forgotten" {
	causes expire_entry 23 0 0
}

@test "delete: 23 LOOKUPs over 23 files" {
	causes delete 23 0 23
}

@test "prune: 24 LOOKUPs over 23 files" {
	causes prune 24 0 24
}

@test "remount: 24 LOOKUPs over 23 files" {
	causes remount 24 0 24
}

@test "drop_caches: LOOKUPs for what was forgotten, no more than 24" {
	measure -n 23 -r 1 -m drop_caches
	local lookups forgets
	lookups=$(ops drop_caches total LOOKUP)
	forgets=$(ops drop_caches total FORGET)
	expect forgets "$forgets" "$lookups"
	[ "$lookups" -ge 1 ]
	[ "$lookups" -le 24 ]
}

@test "the one stat after a bump over 5000 files tears all of them down" {
	need_epoch
	measure -n 5000 -r 2 -m epoch,none
	expect notify "$(ops epoch notify FORGET)" "0 0"
	expect touch "$(ops epoch first_touch FORGET)" "5001 5001"
	expect lookup "$(ops epoch first_touch LOOKUP)" "2 2"
	expect rewalk "$(ops epoch rewalk FORGET)" "0 0"
	expect rewalk "$(ops epoch rewalk LOOKUP)" "4999 4999"
	expect control "$(ops none first_touch FORGET)" "0 0"
}

@test "every shape: a bump costs one LOOKUP a name and one for the directory" {
	need_epoch
	local shape inodes n=2345
	for shape in wide deep links negative symlinks; do
		case $shape in
		links) inodes=3 ;;
		negative) inodes=0 ;;
		# Few: a machine may reclaim the page cache that holds the targets.
		symlinks) n=300 inodes=300 ;;
		*) inodes=$n ;;
		esac
		measure -n $n -r 1 -s $shape -m epoch,none
		expect "$shape LOOKUP" "$(ops epoch total LOOKUP)" $((n + 1))
		expect "$shape FORGET" "$(ops epoch total FORGET)" $((inodes + 1))
		expect "$shape control" "$(ops none total LOOKUP)" 0
	done
	expect READLINK "$(ops epoch total READLINK)" 300
}

@test "who lists first: READDIRPLUS finds all names, only their directory is looked up" {
	need_epoch
	local lists
	for shape in wide deep; do
		measure -c list -n 2345 -r 1 -s $shape -m epoch,none
		lists=$(ops none total READDIRPLUS)
		[ "$lists" -gt 0 ] && [ "$lists" -lt 1000 ]
		expect "$shape listed" "$(ops epoch list READDIRPLUS)" "$lists"
		expect "$shape by stat" "$(ops epoch rewalk LOOKUP)" 0
		expect "$shape control" "$(ops none total LOOKUP)" 0
		expect "$shape total" "$(jq '.phases | .total.ns[0] == ([.notify, .list, .first_touch,
			.rewalk, .reclaim] | map(.ns[0]) | add)' "$rec")" $'true\ntrue'
	done
}

@test "every shape: inval_entry reaches each name with its own message" {
	local shape
	for shape in wide deep links negative symlinks; do
		measure -n 300 -r 1 -s $shape -m inval_entry
		expect "$shape LOOKUP" "$(ops inval_entry total LOOKUP)" 300
		expect "$shape msgs" "$(jq -c '[.msgs, .msg_errors]' "$rec")" \
			"[[300],[0]]"
	done
}

@test "every method leaves a deep tree stale, leaves first" {
	measure -n 300 -r 1 -s deep -m expire_entry,delete
	expect expire "$(ops expire_entry total LOOKUP)" 300
	expect delete "$(ops delete total LOOKUP)" 300
}

@test "links: attributes are asked again once for each inode" {
	measure -n 2345 -r 1 -s links -m inval_inode_attr
	expect GETATTR "$(ops inval_inode_attr total GETATTR)" 3
	expect msgs "$(jq -c .msgs "$rec")" "[3]"
}

@test "methods that need inodes are skipped on negative dentries, with why" {
	measure -n 10 -r 1 -s negative -m inval_inode,none
	expect exit "$(jq -s -c 'map(.exit)' "$rec")" "[77,0]"
	jq -s -e '.[0].why | test("no inode")' "$rec"
}

@test "four notifying threads send each message once" {
	measure -n 1003 -r 2 -t 4 -m inval_entry,inval_inode_attr,prune
	expect entry "$(ops inval_entry total LOOKUP)" "1003 1003"
	expect attr "$(ops inval_inode_attr total GETATTR)" "1003 1003"
	expect msgs "$(jq -s -c 'map(.msgs[0])' "$rec" | tr -d ' ')" \
		"$(jq -s -c 'map(if .exit == 77 then null
			elif .method == "prune" then 1 else 1003 end)' "$rec")"
}

@test "populate by LOOKUP: one for each name and the directory" {
	measure -n 500 -r 1 -c populate -p lookup
	expect LOOKUP "$(ops none populate LOOKUP)" 501
	expect READDIRPLUS "$(ops none populate READDIRPLUS)" 0
}

@test "populate by READDIRPLUS: no LOOKUP but the directory's" {
	local shape
	for shape in wide deep links; do
		measure -n 500 -r 1 -c populate -s $shape
		expect "$shape LOOKUP" "$(ops none populate LOOKUP)" 1
		[ "$(ops none populate READDIRPLUS)" -ge 1 ]
	done
}

@test "the warm walk sends nothing, or the run fails" {
	measure -n 100 -r 1 -c populate
	expect ops "$(jq -c .phases.warm_walk.ops "$rec")" "{}"
	run "$bench" run -n 100 -r 1 -m none --timeout 0
	[ "$status" = 1 ]
	[[ $output == *"cache isn't warm"* ]]
}

@test "an injected delay holds each request back" {
	measure -n 5 -r 1 -m expire_entry --delay LOOKUP=30ms
	[ "$(jq '.phases.rewalk.ns[0]' "$rec")" -ge 120000000 ]
	[ "$(jq '.phases.notify.ns[0]' "$rec")" -lt 30000000 ]
}

@test "scale: one bump over 300k links, complete teardown, peak memory" {
	need_epoch
	measure -n 300k -r 1 -c scale -s links
	expect FORGET "$(ops epoch first_touch FORGET)" 301
	# A dentry is 192 bytes (21 in a page); 0.5 MB for each CPU aren't seen.
	slab=$(jq '.slab_peak_bytes[0]' "$rec")
	((slab > 300000 * 190 - 2000000 && slab < 300000 * 250))
}

@test "driver and daemon on CPUs of their own count the same" {
	[ "$(nproc)" -ge 2 ] || skip "needs two CPUs"
	measure -n 2000 -r 2 -m inval_entry,none --cpus 0,1
	expect LOOKUP "$(ops inval_entry total LOOKUP)" "2000 2000"
	expect cpus "$(jq -r .host.cpus "$rec" | sort -u)" 0,1
}

@test "records of the groups that are done survive kill -9" {
	rec=$BATS_TEST_TMPDIR/rec.jsonl
	"$bench" run -n 5,400k -r 50 -m none -o "$rec" >/dev/null 3>&- &
	driver=$!
	until_true 20 first_group_saved
	kill -9 "$driver"
	wait "$driver" || true
	until_true 10 no_process
	expect record "$(jq -c '[.n, .exit, .samples]' "$rec")" "[5,0,50]"
	expect files "$(ls "$BATS_TEST_TMPDIR")" rec.jsonl
}

first_group_saved() {
	[ "$(jq -c .n "$rec")" = 5 ]
}

@test "a busy machine: the run says that times are doubtful" {
	# What a load average of 40 on these CPUs looks like to getloadavg().
	[ "${SANITIZE:-0}" = 0 ] || skip "a sanitizer must be loaded first"
	echo 'int getloadavg(double *load, int cnt) { *load = 40; return cnt; }' |
		cc -shared -fPIC -x c -o "$BATS_TEST_TMPDIR/load.so" -
	run env LD_PRELOAD="$BATS_TEST_TMPDIR/load.so" "$bench" run -n 5 -m none -r 1
	[ "$status" = 0 ]
	[[ $output == *"load is 40.0"*doubtful* ]]
}
