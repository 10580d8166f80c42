#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench hazards: what is known of this kernel, each with its control, and
# that nothing is left behind, however it ends.

load lib.bash

setup() {
	need_mount
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -z "${tool-}" ] || kill -9 "$tool" 2>/dev/null || true
}

# try HAZARD METHOD,... [OPTION...]: its records into $rec.
try() {
	rec=$BATS_TEST_TMPDIR/rec.jsonl
	"$bench" hazards --only "$1" -m "$2" -o "$rec" "${@:3}" >"$BATS_TEST_TMPDIR/page"
	if jq -e 'select(.method == "epoch" and (.detail // "" | startswith("not offered")))' \
		"$rec" >/dev/null; then
		skip "this kernel has no INC_EPOCH"
	fi
}

# No process, mount or file of the probes; other runs of epochbench may have theirs.
expect_none_of_ours() {
	if grep '^selftest ' /proc/self/mounts; then return 1; fi
	if compgen -G '/tmp/fuse-epoch.*'; then return 1; fi
	until_true 10 no_process
}

# cell METHOD PROBE: what the record says.
cell() {
	jq -r --arg m "$1" --arg p "$2" 'select(.method == $m and .probe == $p) |
		if .requests then (.requests | del(.FORGET, .BATCH_FORGET, .RELEASE, .RELEASEDIR, .FLUSH) |
			to_entries | map("\(.key)=\(.value)") | sort | join(" "))
		else "\(.outcome)\(.detail | if . == null or . == "" then "" else ": \(.)" end)" end' "$rec"
}

# Races and the like that may be mended one day.
need_known_kernel() {
	case $(uname -r) in
	6.1[678].*) ;;
	*) skip "what Linux $(uname -r) does is not known here" ;;
	esac
}

@test "semantics: INC_EPOCH asks for names, and for nothing by descriptor" {
	try semantics none,epoch,inval_inode_attr,inval_inode
	expect none "$(cell none name)" ""
	expect none "$(cell none 'missing name')" ""
	expect none "$(cell none 'open, read')" "OPEN=1"
	expect name "$(cell epoch name)" "LOOKUP=1"
	expect missing "$(cell epoch 'missing name')" "LOOKUP=1"
	expect read "$(cell epoch 'open, read')" "LOOKUP=1 OPEN=1 READ=1"
	expect readlink "$(cell epoch readlink)" "LOOKUP=1 READLINK=1"
	expect pread "$(cell epoch pread)" ""
	expect root "$(cell epoch 'stat from the root')" "LOOKUP=2"
	expect attributes "$(cell inval_inode_attr fstat)" "GETATTR=1"
	expect name "$(cell inval_inode_attr name)" ""
	expect pages "$(cell inval_inode_attr pread)" "GETATTR=1"
	expect pages "$(cell inval_inode pread)" "GETATTR=1 READ=1"
	expect_none_of_ours
}

@test "semantics: INVAL_ENTRY and a remount drop, EXPIRE_ONLY keeps the pages" {
	try semantics inval_entry,expire_entry,remount
	expect drops "$(cell inval_entry 'open, read')" "LOOKUP=1 OPEN=1 READ=1"
	expect drops "$(cell remount 'open, read')" "LOOKUP=1 OPEN=1 READ=1"
	expect keeps "$(cell expire_entry 'open, read')" "LOOKUP=1 OPEN=1"
}

@test "submounts: at the next lookup, at once, or not at all" {
	local probe
	try submount none,epoch,inval_entry,delete,expire_entry
	for probe in "below the name" "on the name" "below, in another namespace"; do
		expect none "$(cell none "$probe")" absent
		expect epoch "$(cell epoch "$probe")" "present: at the next lookup"
		expect inval_entry "$(cell inval_entry "$probe")" "present: at once"
		expect delete "$(cell delete "$probe")" "present: at once"
		expect expire_entry "$(cell expire_entry "$probe")" absent
	done
	expect none "$(cell none "below, another node")" absent
	expect expire_entry "$(cell expire_entry "below, another node")" \
		"present: at the next lookup"
	expect_none_of_ours
}

# Linux's answer of today; kernels that ask again differ in the first.
@test "an overlay above: ESTALE after a bump, after others if the node is another" {
	need_known_kernel
	try overlay none,epoch,expire_entry,inval_inode,prune
	expect none "$(cell none 'same node')" absent
	expect none "$(cell none gone)" "absent: the old one"
	expect epoch "$(cell epoch 'same node')" "present: ESTALE until the overlay's remount"
	expect open "$(cell epoch 'same node, open')" "present: ESTALE while it is open"
	expect "two overlays" "$(cell epoch 'same node, overlay on overlay')" \
		"present: ESTALE until the overlay's remount"
	expect "copied up" "$(cell epoch 'same node, copied up')" \
		"present: ESTALE until the overlay's remount"
	expect "of the upper layer" "$(cell epoch 'in the same directory, of the upper layer')" \
		"present: ESTALE until a walk in the layer"
	expect expire_entry "$(cell expire_entry 'same node')" absent
	expect expire_entry "$(cell expire_entry 'another node')" \
		"present: ESTALE until the overlay's remount"
	expect inval_inode "$(cell inval_inode 'same node, open')" absent
	expect prune "$(cell prune gone)" "present: the old one until told after a remount"
	expect_none_of_ours
}

@test "numbers: others where a method has the kernel forget, not of open files" {
	try numbers none,inval_entry,expire_entry,inval_inode,remount,drop_caches
	expect others "$(jq -r 'select(.outcome == "present") | "\(.method) \(.probe)"' "$rec" |
		paste -sd ,)" "inval_entry st_ino,drop_caches st_ino,remount st_ino"
	expect none "$(cell none st_ino)" absent
}

@test "bound files: readable, but no source nor target of a mount" {
	need_known_kernel
	try bound none,epoch,inval_entry,inval_entry_top,expire_entry
	for method in none expire_entry; do
		expect $method "$(jq -r --arg m $method 'select(.method == $m).outcome' "$rec" |
			sort -u)" absent
	done
	for method in epoch inval_entry; do
		expect read "$(cell $method read)" absent
		expect "source" "$(cell $method 'source of a mount')" "present: ENOENT"
		expect target "$(cell $method 'target of a mount')" "present: ENOENT"
		expect O_PATH "$(cell $method 'source by O_PATH')" "present: ENOENT"
	done
	expect onto "$(cell inval_entry_top 'what is bound onto it')" "present: detached"
	expect_none_of_ours
}

@test "working directories: without a name while another looks it up" {
	need_known_kernel
	try cwd none,epoch,inval_entry,expire_entry
	expect none "$(cell none 'during a LOOKUP')" "absent: there is none"
	expect epoch "$(cell epoch 'before anybody walks')" absent
	expect epoch "$(cell epoch 'during a LOOKUP')" "present: ENOENT"
	expect inval_entry "$(cell inval_entry 'before anybody walks')" "present: ENOENT"
	expect inval_entry "$(cell inval_entry 'during a LOOKUP')" "present: ENOENT"
	expect inval_entry "$(cell inval_entry afterwards)" absent
	expect expire_entry "$(cell expire_entry 'during a LOOKUP')" absent
}

@test "file handles: old attributes, and ESTALE where the server numbers anew" {
	need_known_kernel
	try handle none,epoch,inval_entry,inval_inode,expire_entry
	expect none "$(cell none 'at once')" "absent: old attributes"
	expect none "$(cell none 'numbers anew, after a walk')" "absent: old attributes"
	expect inval_inode "$(cell inval_inode 'at once')" absent
	expect epoch "$(cell epoch 'at once')" "present: old attributes"
	expect epoch "$(cell epoch 'after a walk')" absent
	expect epoch "$(cell epoch 'numbers anew, after a walk')" "present: ESTALE"
	expect inval_entry "$(cell inval_entry 'at once')" absent
	expect inval_entry "$(cell inval_entry 'numbers anew, at once')" "present: ESTALE"
	expect expire_entry "$(cell expire_entry 'numbers anew, after a walk')" absent
}

@test "a first walk without an answer: mounts go, working directories lose their name" {
	need_known_kernel
	local gone="present: (deleted) until the next walk"
	try error none,epoch,expire_entry,remount
	for method in none remount; do
		expect $method "$(jq -r --arg m $method 'select(.method == $m).outcome' "$rec" |
			sort -u)" absent
	done
	expect expire_entry "$(cell expire_entry 'mounted below')" absent
	expect EIO "$(cell expire_entry 'mounted below, EIO')" "present: detached"
	expect EIO "$(cell expire_entry 'working directory, EIO')" "$gone"
	expect killed "$(cell expire_entry 'mounted below, killed')" absent
	expect epoch "$(cell epoch 'working directory')" absent
	expect epoch "$(cell epoch 'working directory, EIO')" "$gone"
	expect epoch "$(cell epoch 'working directory, killed')" "$gone"
	expect_none_of_ours
}

@test "races: a late READDIRPLUS, and a late GETATTR" {
	need_known_kernel
	try readdirplus,listing,attributes none,epoch,inval_entry,inval_inode
	expect epoch "$(cell epoch name)" "present: stale"
	expect inval_entry "$(cell inval_entry attributes)" \
		"absent: waits"
	expect none "$(cell none name)" "skip: without a race it doesn't tell either"
	expect epoch "$(cell epoch 'name, first listing')" "present: stale"
	expect inval_inode "$(cell inval_inode attributes)" absent
	expect inval_inode "$(cell inval_inode 'attributes, first listing')" "present: stale"
	expect inval_entry "$(cell inval_entry 'attributes, first listing')" \
		"absent: waits"
	expect epoch "$(cell epoch 'one reader')" absent
	expect epoch "$(cell epoch 'two readers')" "present: stale, also after another"
	expect inval_entry "$(cell inval_entry 'two readers')" "absent: waits"
	expect none "$(cell none 'two readers')" "skip: without a race it doesn't tell either"
	expect epoch "$(cell epoch 'older reply first')" "present: stale"
	expect epoch "$(cell epoch 'older reply last')" absent
	expect inval_inode "$(cell inval_inode 'older reply first')" absent
}

@test "inodes in use keep ACLs, pages and links; the root keeps its mode" {
	need_known_kernel
	try kept none,epoch,inval_entry,inval_inode,expire_entry
	for what in pages "link target" "POSIX ACL"; do
		expect epoch "$(cell epoch "$what")" "present: old"
		expect inval_entry "$(cell inval_entry "$what")" "present: old"
		expect inval_inode "$(cell inval_inode "$what")" absent
	done
	expect expire_entry "$(cell expire_entry 'POSIX ACL')" absent
	expect root "$(cell none 'mode of the root'), $(cell epoch 'mode of the root')" \
		"absent: old, present: old"
	expect root "$(cell inval_inode 'mode of the root')" absent
	expect root "$(cell expire_entry 'mode of the root')" "skip: the root has no name"
}

@test "pages and link targets: old after a bump if READDIRPLUS comes first" {
	need_known_kernel
	try data none,epoch,inval_entry,expire_entry
	expect none "$(cell none pages)" "skip: without a listing it doesn't drop it either"
	expect epoch "$(cell epoch pages) $(cell epoch 'link target')" "present: old present: old"
	expect inval_entry "$(cell inval_entry pages) $(cell inval_entry 'link target')" "absent absent"
}

@test "deadlocks: INC_EPOCH in no handler, others in theirs, and all recover" {
	try deadlock epoch,inval_inode,inval_entry
	expect epoch "$(jq -r 'select(.method == "epoch") | .outcome' "$rec" | sort -u)" absent
	expect inval_inode "$(cell inval_inode READ)" "present: deadlock"
	expect inval_inode "$(cell inval_inode GETATTR)" absent
	expect inval_entry "$(cell inval_entry LOOKUP)" "present: deadlock"
	expect inval_entry "$(cell inval_entry READ)" absent
	expect_none_of_ours
}

@test "without fusectl: one of its own, which isn't there afterwards" {
	# shellcheck disable=SC2016 # expanded in there
	unshare --mount bash -c '
		set -e
		! mountpoint -q /sys/fs/fuse/connections ||
			umount /sys/fs/fuse/connections
		"$1" hazards --only deadlock -m inval_inode -o rec.jsonl >page
		! mountpoint -q /sys/fs/fuse/connections' - "$bench"
	rec=rec.jsonl
	expect inval_inode "$(cell inval_inode READ)" "present: deadlock"
	expect_none_of_ours
}

@test "memory: held after a bump, not after others" {
	try memory none,epoch,inval_entry
	expect none "$(cell none 'held until then')" absent
	expect epoch "$(cell epoch 'held until then')" "present: held"
	expect inval_entry "$(cell inval_entry 'held until then')" absent
	expect counts "$(jq -r 'select(.value) | "\(.method) \(.probe) \(.value + 0)"' "$rec" |
		grep -v ' 0$' | sort | paste -sd ,)" \
		"epoch after the next lookup 1000,inval_entry after the next lookup 1000,inval_entry unasked 1000"
}

@test "herd: one LOOKUP for all after a bump, one for each after EXPIRE_ONLY" {
	need_known_kernel
	try herd none,epoch,inval_entry,expire_entry
	expect none "$(cell none 'a directory')" absent
	expect epoch "$(cell epoch 'a directory')" "absent: 1 LOOKUP"
	expect inval_entry "$(cell inval_entry 'a missing name')" "absent: 1 LOOKUP"
	expect expire_entry "$(cell expire_entry 'a file')" "present: 16 LOOKUPs"
	expect expire_entry "$(cell expire_entry 'a missing name')" "absent: 1 LOOKUP"
}

@test "entry timeout 0: a bump gains nothing, and costs numbers and mounts" {
	need_known_kernel
	try timeout none,epoch,expire_entry,remount
	for method in none epoch expire_entry; do
		expect "$method" "$(cell $method 'stat before') $(cell $method 'stat after')" \
			"LOOKUP=1 LOOKUP=1"
	done
	expect none "$(cell none st_ino) $(cell none 'mounted below')" "absent absent"
	expect epoch "$(cell epoch st_ino)" "present: others"
	expect epoch "$(cell epoch 'mounted below')" "present: detached"
	expect expire_entry "$(cell expire_entry st_ino)" absent
	expect remount "$(cell remount 'mounted below')" absent
	expect_none_of_ours
}

@test "stall: a bump makes others wait, and the longer the more names" {
	try stall none,epoch --names 100,20k
	jq -e -s 'map({key: "\(.method) \(.probe)", value}) | from_entries |
		.["epoch 20k: longest stat"] > 4 * .["none 20k: longest stat"] and
		.["epoch 20k: longest stat"] > 4 * .["epoch 100: longest stat"]' "$rec"
}

@test "files in use: the name of an open one, watches" {
	try open none,epoch,delete
	expect none "$(jq -r 'select(.method == "none") | .outcome' "$rec" | sort -u)" absent
	expect epoch "$(cell epoch /proc/self/fd)" "present: (deleted)"
	expect epoch "$(cell epoch 'open file: read')" absent
	expect delete "$(cell delete 'inotify: file')" "present: watch ends"
}

@test "watches end, and marks are silent, where the server says nlink 0" {
	need_known_kernel
	try watch none,epoch,expire_entry,delete
	for method in none expire_entry; do
		expect $method "$(jq -r --arg m $method 'select(.method == $m).outcome' "$rec" |
			sort -u)" absent
	done
	expect epoch "$(cell epoch inotify), $(cell epoch fanotify)" "absent, absent"
	expect epoch "$(cell epoch 'inotify, nlink 0')" "present: watch ends"
	expect epoch "$(cell epoch 'fanotify, nlink 0')" "present: no event"
	expect epoch "$(cell epoch 'evictable mark')" "present: no event"
	expect delete "$(cell delete inotify)" "present: watch ends"
}

@test "what needs a guest says so" {
	[ ! -e /sys/module/delay ] || skip "the module delay is here"
	run "$bench" hazards --only wrap,uninitialised -m epoch
	[ "$status" = 77 ]
	[[ $output == *"needs our fuse.ko VARIANT+test"* ]]
	[[ $output == *"the module delay isn't there"* ]]
}

@test "paragraphs are filled to 80 columns, as those of report" {
	# But for tables, and for commands, which are copied.
	output=$("$bench" hazards "$top/results/reference/hazards.jsonl")
	grep -q '^Not offered: ' <<<"$output"
	expect lines "$(grep -vE '  |^To see it: ' <<<"$output" |
		LC_ALL=C.UTF-8 grep -cE '^.{81}')" 0
}

@test "each command in the records works as printed" {
	local line
	try submount,readdirplus,attributes,open epoch
	PATH=$(dirname "$bench"):$PATH
	jq -r .reproduce "$rec" | sort -u >commands
	expect commands "$(wc -l <commands)" 4
	while read -r line; do
		bash -c "$line" >page 2>&1
		grep -q "$line" page
	done <commands
}

@test "what was measured on fewer kernels than the page has says on which" {
	local stalls
	stalls=$("$bench" hazards -f markdown "$top/results/reference/hazards.jsonl" |
		sed -n '/^## Stall/,/^## /p')
	[[ $stalls == *"Measured on "*" only."* ]]
	"$bench" hazards -f markdown "$top/results/reference/hazards.jsonl" |
		sed -n '/^## Attribute race/,/^## Stall/p' >page
	[ "$(grep -c 'Measured on' page)" = 0 ]
}

@test "what a record lacks is named, if it was asked for" {
	jq -c 'select(.hazard != "memory" and .hazard != "overlay")' \
		"$top/results/reference/hazards.jsonl" >old.jsonl
	output=$("$bench" hazards old.jsonl)
	output=${output//$'\n'/ }
	[[ $output =~ "Not measured: "[a-z,\ ]*"memory" ]]
	[[ $output =~ "Not measured: "[a-z,\ ]*"overlay" ]]
	[[ ! $output =~ "Not measured: "[a-z,\ ]*"submount" ]]
	[[ $("$bench" hazards --only submount old.jsonl) != *"Not measured"* ]]
	[[ $("$bench" hazards --only memory old.jsonl) == *"Not measured: memory."* ]]
}

@test "the first table says which method may be used, by what one has there" {
	need_known_kernel
	try submount,deadlock none,epoch,expire_entry,inval_inode -f markdown
	head -5 page >first
	grep -qF '## Which method may I use?' first
	grep -qF '| a mount below | inval\_inode | expire\_entry | epoch |' first
	try memory none
	[ "$(grep -c 'may I use' page)" = 0 ]
}

@test "records give the tables again, as text, Markdown and JSON" {
	try submount epoch,none
	"$bench" hazards --only submount "$rec" | diff page -
	"$bench" hazards -f markdown "$rec" | grep -qF '| epoch | at the next lookup |'
	expect cnt "$("$bench" hazards -f json "$rec" | jq length)" "$(wc -l <"$rec")"
	"$bench" hazards -m none "$rec" >page
	grep -q '^none' page
	[ "$(grep -c '^epoch' page)" = 0 ]
	echo '{"schema":"hazards/1"}' >damaged
	run "$bench" hazards damaged
	[ "$status" = 2 ]
	[[ $output == *'damaged:1: "kernel" is missing'* ]]
}

@test "bad input: what is wrong, and nothing is tried" {
	local words
	for words in "-m frob" "--only frob" "-m ," "--names 0" "--patience 1" "-f frob" \
		"-o /nope/file" /nope/file "--only submount -m drop_caches"; do
		# shellcheck disable=SC2086 # words are wanted
		run "$bench" hazards $words
		echo "$words: $output"
		[ "$status" = 2 ]
	done
	[[ $("$bench" list) == *submount* ]]
}

@test "a method that the kernel hasn't is told so; one that does nothing shows nothing" {
	make_old_kernel
	on_old_kernel "$bench" hazards --only semantics,submount -m epoch,none -o rec.jsonl
	rec=rec.jsonl
	[ "$status" = 0 ]
	[[ $output == *"Not offered: epoch."* ]]
	expect epoch "$(cell epoch "" | sort -u)" "skip: not offered by this kernel"
	TAKE_IT=1 on_old_kernel "$bench" hazards --only semantics,submount -m epoch,none -o rec.jsonl
	expect name "$(cell epoch name)" ""
	expect read "$(cell epoch 'open, read')" "OPEN=1"
	expect submount "$(cell epoch 'below the name')" absent
}

# In the middle of a deadlock of $tool: its daemon's thread waits for ever.
start_deadlock() {
	"$bench" hazards --only deadlock -m inval_inode --patience 60s \
		>stdout 2>stderr 3>&- &
	tool=$!
	until_true 10 is_stuck
	mapfile -t children < <(pgrep -P "$tool")
	[ ${#children[@]} = 2 ]
}

# Not by name: a process that is killed and stuck has none any more.
children_are_gone() {
	local pid
	for pid in "${children[@]}"; do
		[ ! -e "/proc/$pid" ] || return 1
	done
}

# Of the probe, threads may still be stuck.  While the guard is dying, it has its locks.
children_are_dead() {
	local pid
	for pid in "${children[@]}"; do
		! grep -s '^State:' "/proc/$pid/status" | grep -v '[ZX]' >/dev/null || return 1
	done
}

# Children of the tool: the guard, and the probe with its threads.  Who reads can be
# killed while he waits; it is a deadlock when who notifies waits for him, too.  Both for
# a page of the file: on a busy machine any thread is in D state at times, for the disk.
is_stuck() {
	local pid task waiting
	for pid in $(pgrep -P "$tool"); do
		waiting=0
		for task in /proc/"$pid"/task/*; do
			! grep -qs '^State:.D' "$task/status" ||
				! grep -qs -e folio -e page "$task/wchan" ||
				waiting=$((waiting + 1))
		done
		[ "$waiting" != 2 ] || return 0
	done
	return 1
}

@test "Control-C in a deadlock: ends at once, leaves nothing" {
	local status=0
	start_deadlock
	kill -INT "$tool"
	wait "$tool" || status=$?
	expect status "$status" 1
	grep -q interrupted stderr
	until_true 10 children_are_gone
	expect_none_of_ours
}

tool_is_gone() {
	! kill -0 "$tool" 2>/dev/null
}

@test "kill -9 of a probe that hangs: its tool doesn't wait for its time to be up" {
	local status=0 pid
	start_deadlock
	# The other one, the guard, leads a session.
	for pid in "${children[@]}"; do
		[ "$(ps -o sid= -p "$pid")" != "$(ps -o sid= -p "$tool")" ] || kill -9 "$pid"
	done
	until_true 30 tool_is_gone # 60 s of patience, and 120 more
	wait "$tool" || status=$?
	tool=
	expect status "$status" 1
	until_true 10 children_are_gone
	expect_none_of_ours
}

@test "kill -9 of tool and probe by their name: the guard has another one" {
	start_deadlock
	# Only ours: what pkill -9 epochbench would kill.
	pkill -9 -x epochbench -P "$tool"
	kill -9 "$tool"
	wait "$tool" || true
	tool=
	until_true 10 children_are_gone
	expect_none_of_ours
}

@test "kill -9 of the tool in a deadlock: the guard aborts, nothing is left" {
	start_deadlock
	kill -9 "$tool"
	wait "$tool" || true
	tool=
	until_true 10 children_are_gone
	expect_none_of_ours
}

@test "kill -9 of all at once in a deadlock: the next start aborts, and says so" {
	start_deadlock
	kill -9 "$tool" "${children[@]}"
	wait "$tool" || true
	tool=
	until_true 10 children_are_dead
	run "$bench" run -n 5 -m none -r 1
	[ "$status" = 0 ]
	[[ $output == *"aborted connection "*" of a killed run hung"* ]]
	until_true 10 children_are_gone
	expect_none_of_ours
	expect_nothing_left
}
