#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench run --daemon: daemons that aren't ours, as Debian has them.

load lib.bash

setup() {
	need_mount
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	! mountpoint -q "$BATS_TEST_TMPDIR/mnt" || umount "$BATS_TEST_TMPDIR/mnt"
	[ -z "${driver-}" ] || kill -9 "$driver" 2>/dev/null || true
}

# However long a name was answered, it stays.
hour=entry_timeout=3600,attr_timeout=3600,negative_timeout=3600

# need PROGRAM PACKAGE: skips without it.
need() {
	command -v "$1" >/dev/null || skip "needs the Debian package $2"
}

# daemon COMMAND OPTION...: measured, with small numbers; records in $rec.
daemon() {
	local command=$1
	shift
	measure --daemon "$command" -n 200 -r 2 "$@"
}

# of METHOD KEY: that of its record, the same in all samples.
of() {
	jq -r --arg m "$1" "select(.method == \$m) | .$2 |
		if type == \"array\" then unique | map(tostring) | join(\" \")
		else . end" "$rec"
}

# fact KEY
fact() {
	jq -r ".daemon.$1" "$rec" | sort -u
}

# On one line.
report() {
	output=$("$bench" report "$rec" | tr -s '\n ' ' ')
	echo "$output"
}

# between WHAT LEAST NUMBER MOST, in ms; the number in ns.
between() {
	local ms=$(($3 / 1000000))
	[ "$ms" -ge "$2" ] && [ "$ms" -le "$4" ] && return
	echo "$1: $ms ms, wanted $2 to $4"
	return 1
}

@test "bindfs: what each method makes stale, shows and breaks" {
	need bindfs bindfs
	need_epoch
	daemon "bindfs -o $hour {source} {mount}" -m all
	expect_nothing_left
	expect program "$(fact program)" bindfs
	[[ $(fact library) == libfuse* ]]
	# Nothing is lost in an hour, so the kernel's own words are exact.
	local method
	for method in none epoch inval_entry expire_entry inval_inode; do
		expect "$method, cached" "$(of $method cached_cnt)" 200
		expect "$method, unseen" "$(of $method unseen_cnt)" 3
		expect "$method, tried" "$(of $method tried_bits)" 3
		expect "$method, numbers" "$(of $method 'renumbered_cnt // 0')" 0
	done
	for method in epoch inval_entry expire_entry; do
		expect "$method, stale" "$(of $method stale_cnt)" 200
		expect "$method, seen" "$(of $method seen_cnt)" 3
	done
	expect "none, stale" "$(of none 'stale_cnt // 0')" 0
	expect "none, seen" "$(of none 'seen_cnt // 0')" 0
	expect "inval_inode, stale" "$(of inval_inode 'stale_cnt // 0')" 0
	expect "inval_inode, seen" "$(of inval_inode seen_cnt)" 3
	expect "epoch breaks" "$(of epoch broken_bits)" 3
	expect "inval_entry breaks" "$(of inval_entry broken_bits)" 1
	expect "expire_entry breaks" "$(of expire_entry 'broken_bits // 0')" 0
	expect "delete" "$(of delete why)" \
		"tells the kernel that files which exist don't"
	# Who isn't counted has a dash, and not none.
	report
	[[ $output == *"epoch "*"x 200 - 100% 0 submount, overlay"* ]]
	[[ $output == *"expire_entry shows changes of names"*"breaks nothing"* ]]
	run "$bench" report -f json "$rec"
	expect "LOOKUP" "$(jq -c '[.[].rows[].total_LOOKUP_cnt] | unique' <<<"$output")" "[null]"
}

@test "the times that the kernel believes it are those that it was told" {
	need bindfs bindfs
	daemon "bindfs -o entry_timeout=0.7,negative_timeout=1.4,attr_timeout=0.7 {source} {mount}" \
		-m none -r 1
	between entry 600 "$(fact entry_ns)" 1300
	between negative 1300 "$(fact negative_ns)" 2900
	between change 600 "$(fact change_ns)" 2900
	daemon "bindfs -o entry_timeout=0,negative_timeout=0,attr_timeout=0 {source} {mount}" \
		-m none -r 1
	expect entry "$(fact entry_ns)" 0
	expect change "$(fact change_ns)" 0
	report
	[[ $output == *"nothing needs to be notified"* ]]
	# Longer than anybody has looked.
	daemon "bindfs -o $hour {source} {mount}" -m none -r 1
	expect entry "$(fact entry_ns)" "$(fact watched_ns)"
}

@test "what it answers is read off by strace: protocol, times, notifications" {
	need bindfs bindfs
	need strace strace
	daemon "bindfs -o entry_timeout=60,attr_timeout=0.7,negative_timeout=3600 {source} {mount}" \
		-m none -r 1
	expect untraced "$(fact untraced)" ""
	[[ $(fact minor) =~ ^[1-9][0-9]$ ]]
	expect READDIRPLUS "$(fact readdirplus)" 0
	expect names "$(fact entry)" "60 s"
	expect attributes "$(fact attr)" "0.7 s"
	expect "missing names" "$(fact negative)" "3600 s"
	expect notified "$(fact notified)" -
	expect package "$(fact package)" "$(dpkg-query -W -f '${Package} ${Version}' bindfs)"
	report
	[[ $output == *"bindfs (package bindfs "*"protocol 7.$(fact minor) and lets names be kept for 60 s"* ]]
	expect_nothing_left

	# A program of no package; and something notifies for it when a file has changed.
	cp "$(command -v bindfs)" mine
	cat >notify.pl <<-'PERL'
		my ($pid, $file) = @ARGV;
		my $was = -s $file;
		$SIG{CHLD} = 'IGNORE';
		until (-s $file != $was) {
			exit unless kill 0, $pid;
			select undef, undef, undef, 0.02;
		}
		my $of = syscall 434, $pid, 0; # pidfd_open
		for my $fd (3 .. 20) {
			my $got = syscall 438, $of, $fd, 0; # pidfd_getfd
			next if $got < 0 || readlink("/proc/self/fd/$got") ne '/dev/fuse';
			open my $device, '>&=', $got;
			syswrite $device, pack 'LlQ', 16, 8, 0;
			exit;
		}
	PERL
	daemon "$PWD/mine -f -o $hour {source} {mount} &
		exec perl $PWD/notify.pl \$! {source}/beside/changed" -m none -r 1
	expect notified "$(fact notified)" INC_EPOCH
	expect package "$(fact package)" ""
	report
	[[ $output == *"mine (package -, "*"notifies by itself: INC_EPOCH."* ]]
	expect_nothing_left
}

# strace_that TEXT: in PATH a strace that does that, or (without TEXT) none.
strace_that() {
	mkdir path
	ln -s "$(command -v bindfs)" /bin/{sh,stat,umount} path
	[ $# = 0 ] || { printf '#!/bin/sh\n%s\n' "$1" >path/strace && chmod +x path/strace; }
}

@test "where strace can't, there is a dash, and the reason" {
	need bindfs bindfs
	strace_that
	PATH=$PWD/path daemon "bindfs {source} {mount}" -m none -r 1
	expect untraced "$(fact untraced)" "there is no strace here"
	expect names "$(fact entry)" ""
	report
	[[ $output == *"What it answers: -, as there is no strace here."* ]]
	rm -r path
	strace_that 'echo "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted" >&2; exit 1'
	PATH=$PWD/path daemon "bindfs {source} {mount}" -m none -r 1
	expect status "$(of none exit)" 0
	[[ $(fact untraced) == "under strace the command ended with status 1"*"Operation not permitted" ]]
	expect_nothing_left
}

@test "--notify: what the daemon does itself is a method; --change: how it changes" {
	need bindfs bindfs
	need_epoch
	# As if it knew epochs; and a change that the usual one isn't.
	daemon "bindfs -o $hour {source} {mount}" -m none \
		--notify "$build/epochctl bump --detach-submounts --break-overlays {mount}" \
		--change 'printf many >>{source}/{name}'
	expect methods "$(jq -r .method "$rec" | paste -sd,)" none,own
	expect "own, why" "$(of own why)" ""
	expect "own, stale" "$(of own stale_cnt)" 200
	expect "own, seen" "$(of own seen_cnt)" 3
	expect "own, breaks" "$(of own broken_bits)" 3
	[[ $(fact notify) == *"epochctl bump"* ]]
	run "$bench" run --daemon "bindfs {source} {mount}" -n 10 -m none \
		--change 'exit 5 # {name}'
	expect status "$status" 1
	[[ $output == *"can't be changed: the command has failed"* ]]
	run "$bench" run --daemon "bindfs {source} {mount}" -n 10 -m none --notify false
	[[ $output == *"the command of --notify has failed"* ]]
	run "$bench" run --notify false
	expect status "$status" 2
	expect_nothing_left
}

@test "--mount: one that is in use is read, told nothing that breaks, and left" {
	need bindfs bindfs
	need_epoch
	mkdir -p tree/sub mnt
	echo hi | tee tree/sub/file{1..40} >tree/file
	bindfs -o "$hour" tree mnt 3>&-
	measure --mount ./mnt -r 2 -m none,epoch,expire_entry,inval_entry
	expect command "$(fact command)" ./mnt
	expect program "$(fact program)" bindfs
	expect names "$(of none n)" 42
	expect "epoch" "$(of epoch why)" "could break what stands on a mount that is in use"
	expect "inval_entry" "$(of inval_entry exit)" 77
	expect "none, stale" "$(of none 'stale_cnt // 0')" 0
	expect "expire_entry, stale" "$(of expire_entry stale_cnt)" 42
	expect entry "$(fact entry_ns)" "$(fact watched_ns)"
	report
	[[ $output == *"It is in use, so it was only read"* ]]
	# It is there still, as it was.
	[ "$(cat mnt/sub/file7)" = hi ]
	expect changes "$(fact changes)" 0
	expect untraced "$(fact untraced)" "it is in use, and strace would slow it down"
	umount mnt
	run "$bench" run --mount mnt
	expect status "$status" 2
	[[ $output == *"/mnt: no FUSE file system is mounted there"* ]]
	run "$bench" run --mount mnt --daemon 'x {mount}'
	expect status "$status" 2
	expect_nothing_left
}

@test "a command that doesn't mount: its own words, and its status" {
	run "$bench" run --daemon 'echo no such thing >&2; exit 3 # {mount}' -n 10 -m none
	expect status "$status" 1
	[[ $output == *"the command ended with status 3; it says: no such thing"* ]]
	run "$bench" run --daemon 'true {mount}' -n 10 -m none
	expect status "$status" 1
	[[ $output == *"the command ended, and nothing is mounted; it says nothing"* ]]
	run "$bench" run --daemon 'kill -9 $$ {mount}' -n 10 -m none
	[[ $output == *"killed by signal 9"* ]]
	expect_nothing_left
}

@test "what it serves isn't {source}: said so" {
	need bindfs bindfs
	run "$bench" run --daemon 'bindfs {scratch} {mount}' -n 10 -m none
	expect status "$status" 1
	[[ $output == *'has no "tree", as {source} has'* ]]
	expect_nothing_left
}

@test "what can't be asked for is refused" {
	run "$bench" run --daemon 'bindfs a b'
	expect status "$status" 2
	[[ $output == *"where is {mount} in it?"* ]]
	run "$bench" run --daemon 'x {mount}' -c populate
	expect status "$status" 2
	run "$bench" run --daemon 'x {mount}' -s negative
	expect status "$status" 2
}

@test "blanks and quotes in paths are no matter" {
	need bindfs bindfs
	export XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/it's \"a\" \$place"
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	daemon "bindfs -o $hour {source} {mount}" -m none -r 1
	expect program "$(fact program)" bindfs
	expect_nothing_left
}

# What the daemon has in its command line.
daemons() {
	pgrep -f "bindfs.*$XDG_RUNTIME_DIR/"
}

# A long run: driver and daemon in $driver, $daemon.
start_long() {
	"$bench" run --daemon "bindfs -o $hour {source} {mount}" -n 20k \
		-r 100 -m none >stdout 2>stderr 3>&- &
	driver=$!
	until_true 20 daemons
	daemon=$(daemons | tail -1)
}

# It has ended, also when nobody has waited for it yet.
driver_is_gone() {
	! kill -0 "$driver" 2>/dev/null ||
		grep -q '^State:.Z' "/proc/$driver/status"
}

no_daemons() {
	! daemons
}

# The next run removes the empty folders, once the last process that had them is gone.
swept() {
	"$bench" run -n 10 -r 1 -m none >again
	! compgen -G "$XDG_RUNTIME_DIR/*"
}

@test "a killed run takes its daemon along, though that is in the background" {
	need bindfs bindfs
	start_long
	kill -9 "$driver"
	until_true 10 no_daemons
	driver=
	until_true 20 swept
	expect_nothing_left
}

@test "what never ends, and is busy, is ended with the daemon" {
	full # each time after ten seconds
	need bindfs bindfs
	daemon "bindfs -o $hour {source} {mount} && { while :; do :; done; } &" -m none -r 1
	expect status "$(of none exit)" 0
	expect_nothing_left
}

@test "Control-C while the daemon is stopped: the run ends" {
	need bindfs bindfs
	start_long
	kill -STOP "$daemon"
	kill -INT "$driver"
	# Not only when it counts as hung, which takes half a minute.
	until_true 20 driver_is_gone
	local status=0
	wait "$driver" || status=$?
	driver=
	expect status "$status" 1
	until_true 10 no_daemons
	expect_nothing_left
}

# One a row: what it is | a program | its package | the command.  What must be
# prepared is prepared there, before anything is mounted at {mount}.
rows() {
	cat <<-'ROWS'
		sshfs|libfuse 3, high level, network|sshfs|sshfs|printf '#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n' >{scratch}/ssh && chmod +x {scratch}/ssh && sshfs -o ssh_command={scratch}/ssh,dir_cache=no,entry_timeout=3600,attr_timeout=3600 x:{source} {mount}
		unionfs|libfuse 2, high level|unionfs|unionfs-fuse|unionfs -o entry_timeout=3600,attr_timeout=3600 {source} {mount}
		mergerfs|a libfuse of its own|mergerfs|mergerfs|mergerfs -o cache.entry=3600,cache.attr=3600 {source} {mount}
		fuse-overlayfs|libfuse 3, low level|fuse-overlayfs|fuse-overlayfs|fuse-overlayfs -o lowerdir={source},timeout=3600 {mount}
		squashfuse_ll|libfuse 3, low level|squashfuse_ll|squashfuse and squashfs-tools|mksquashfs {source} {scratch}/image -quiet -no-progress && squashfuse_ll {scratch}/image {mount}
		rclone|Go (bazil.org/fuse)|rclone|rclone|rclone mount --config /dev/null --dir-cache-time 1ms --attr-timeout 1h {source} {mount}
		webdav|Go, network|rclone|rclone|port=$(shuf -i 20000-60000 -n 1); rclone serve webdav --config /dev/null --dir-cache-time 1ms --addr 127.0.0.1:$port {source} & until rclone lsf --retries 1 --low-level-retries 1 --config /dev/null --webdav-url http://127.0.0.1:$port :webdav: >/dev/null 2>&1; do sleep 0.1; done; rclone mount --config /dev/null --dir-cache-time 1ms --attr-timeout 1h --webdav-url http://127.0.0.1:$port :webdav: {mount}
		gocryptfs|Go (go-fuse)|gocryptfs|gocryptfs|cd {scratch} && echo p >p && mkdir c m && gocryptfs -q -init -passfile p c && gocryptfs -q -passfile p c m && cp -a {source}/. m && umount m && gocryptfs -q -passfile p c {mount}
		archivemount|libfuse 2, an archive|archivemount|archivemount|tar -C {source} -cf {scratch}/a.tar . && archivemount {scratch}/a.tar {mount} -o entry_timeout=3600,attr_timeout=3600
		fuse-zip|libfuse 2, an archive|fuse-zip|fuse-zip and zip|(cd {source} && zip -qr {scratch}/a.zip .) && fuse-zip -o entry_timeout=3600,attr_timeout=3600 {scratch}/a.zip {mount}
		disorderfs|libfuse 2, multi-threaded|disorderfs|disorderfs|disorderfs --multi-user=no -o entry_timeout=3600,attr_timeout=3600 {source} {mount}
		encfs|libfuse 2, encrypted names|encfs|encfs|cd {scratch} && mkdir c m && encfs --standard --extpass='echo p' "$PWD/c" "$PWD/m" && cp -a {source}/. m && umount m && encfs --extpass='echo p' "$PWD/c" {mount} -- -o entry_timeout=3600,attr_timeout=3600
	ROWS
}

# try NAME [NAMES]: its row, with so many names.
try() {
	local names=${2:-200} program package command
	IFS='|' read -r _ _ program package command < <(rows | grep "^$1|")
	need "$program" "$package"
	need_epoch
	daemon "$command" -m none,epoch,expire_entry -n "$names"
	expect_nothing_left
	expect program "$(fact program)" "${program:0:15}"
	for method in none epoch expire_entry; do
		expect "$method, why" "$(of $method why)" ""
	done
	expect "epoch, stale" "$(of epoch stale_cnt)" "$names"
	expect "expire_entry, stale" "$(of expire_entry stale_cnt)" "$names"
	expect "expire_entry, numbers" "$(of expire_entry 'renumbered_cnt // 0')" 0
	expect "epoch, submount" "$(of epoch 'broken_bits | map(. % 2)')" 1
}

full() {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
}

@test "sshfs (libfuse 3, network), which numbers anew what was forgotten" {
	try sshfs
	expect "epoch, numbers" "$(of epoch renumbered_cnt)" 200
	expect "epoch, seen" "$(of epoch seen_cnt)" 3
}

@test "fuse-overlayfs (libfuse 3, low level): what it has itself is shown as it was" {
	try fuse-overlayfs
}

@test "unionfs-fuse (libfuse 2)" {
	full
	try unionfs
}

@test "mergerfs (a libfuse of its own)" {
	full
	try mergerfs
}

@test "squashfuse_ll (libfuse 3, low level): an image, which nobody changes" {
	full
	try squashfuse_ll
	expect "epoch, seen" "$(of epoch 'seen_cnt // 0')" 0
	report
	[[ $output == *"No change behind was seen after any method"* ]]
}

@test "rclone (Go)" {
	full
	try rclone
}

@test "rclone (Go), on a WebDAV server that the same command starts" {
	full
	try webdav 20 # each is asked of the server
}

@test "gocryptfs (Go): listings bring nodes along" {
	full
	try gocryptfs
	expect listed "$(fact listed_cnt)" 200
}

@test "archivemount, fuse-zip (libfuse 2, archives)" {
	full
	try archivemount
	try fuse-zip
}

@test "disorderfs (libfuse 2, several threads)" {
	full
	try disorderfs
}

@test "encfs (libfuse 2, encrypted names)" {
	full
	try encfs
}

# workload COMMAND OPTION...: over a small tree, records in $rec.
workload() {
	rec=$BATS_TEST_TMPDIR/workload.jsonl
	mkdir -p tree/sub
	echo hi | tee tree/sub/file{1..40} >tree/file
	timeout 120 "$bench" workload --daemon "$1" --tree tree -w find -r 1 \
		--rate 4 -d 1 -o "$rec" "${@:2}" >report 2>said
}

@test "workload: real programs on bindfs, and what an overlay above it takes" {
	need bindfs bindfs
	need find findutils
	need_epoch
	workload "bindfs -o $hour {source} {mount}"
	expect_nothing_left
	expect program "$(fact program)" bindfs
	expect methods "$(jq -r '"\(.method) \(.scope)"' "$rec" | sort | paste -sd,)" \
		"epoch all,expire_entry changed,inval_entry changed,none all"
	jq -es 'all(.oracle.stale_cnt == 0 and .requests == {})' "$rec"
	expect names "$(jq -r '.daemon | "\(.entry) \(.untraced)"' "$rec" | sort -u)" "3600 s "
	tr -s '\n ' ' ' <report | grep -F 'lets names be kept for 3600 s'
	jq -es 'map(select(.method != "none")) |
		all(.events.cnt > 1 and .oracle.check_cnt > 9)' "$rec"
	tr -s '\n ' ' ' <report | grep -F ', of bindfs (package '
	# Nobody has counted requests.
	run "$bench" report -f json "$rec"
	expect requests "$(jq -c '[.. | .requests_per_op? // empty]' <<<"$output")" "[]"
}

@test "workload: a daemon that keeps answers itself is found out" {
	need sshfs sshfs
	need_epoch
	local command
	command=$(rows | grep '^sshfs|' | cut -d'|' -f5-)
	workload "${command/dir_cache=no/dcache_timeout=3600}" -m epoch,inval_entry
	jq -es 'map(select(.method == "epoch")) | all(.oracle.stale_cnt > 0)' "$rec"
	tr -s '\n ' ' ' <report | grep -F 'perhaps the daemon keeps answers itself'
	grep -F 'inval_entry is left out: only the daemon itself knows all names' said
	expect_nothing_left
}

@test "workload: a command that doesn't mount, and its words" {
	run workload 'echo no such thing; exit 3 # {mount}' -m expire_entry:changed
	expect status "$status" 1
	grep -F 'the command ended with status 3; it says: no such thing' said
	run "$bench" workload --daemon 'bindfs {mount}' --renumber
	expect status "$status" 2
}
