#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench workload: programs on a small tree; what must be so in the records,
# the oracle red, and nothing left behind.  What the reports make of the records
# is in workload_report.bats.

load workload_lib.bash

@test "each workload runs, with nothing but hits when nothing happens" {
	workload -w all --rates 0 -m epoch --seconds 0.2
	[ "$status" = 0 ]
	expect workloads "$(jq -r .workload "$rec" | sort | paste -sd ' ')" \
		"cp find fio-mixed fio-read fio-stat git-status overlay restic rsync shell tar tar-dump"
	[[ $output == *"gcc is left out: the tree has no headers"* ]]
	each '.schema == 1 and .kind == "workload" and .op_cnt > 0 and .latency_ns.max > 0'
	each '.walker.op_cnt > 100 and .latency_ns.p50 <= .latency_ns.max'
	each '.tree.file_cnt == 100 and .tree.dir_cnt == 5 and .tree.symlink_cnt == 1'
	# But for names that only fio asks for.
	each '(.requests.LOOKUP // 0) < 10 and .requests.READDIRPLUS == null'
	each '.method == "none" and .events.cnt == 0 and .oracle.check_cnt == 0'
	# One in a thousand of fewer than a thousand is nothing.
	each '(.latency_ns.p999 == null) == (.op_cnt < 1000)'
	expect_nothing_of_it
}

@test "events come at their rate, are seen, and are looked at a few times each" {
	workload -w find -m epoch,inval_entry,inval_entry:changed,inval_inode --rates 20
	[ "$status" = 0 ]
	# A machine that is busy has longer rounds, and may not keep up.
	each '.method == "none" or (.events.due_cnt - .wall_ns * 20 / 1e9 | fabs <= 1)'
	each '.method == "none" or (.events.cnt > 0 and .events.cnt <= .events.due_cnt)'
	each '.method == "none" or .events.changed_cnt == 2 * .events.cnt'
	each '.method == "none" or .oracle.check_cnt >= 2 * .events.cnt'
	each '.oracle.stale_cnt == 0 and (.events.notify_ns | length) == .events.cnt'
	# What it costs is a benchmark (--oracle-cost); here, how often it looks.
	each '.oracle.check_cnt <= 6 * .events.cnt and .oracle.cost_part < 0.5'
	each '(.method == "none") == ((.requests.LOOKUP // 0) + (.requests.GETATTR // 0) == 0)'
	expect messages "$(of epoch all '.events.msg_cnt == .events.cnt')" true
	# All names that are cached again each time, on a busy machine not all there are;
	# or those that changed, and their directory.
	expect all "$(of inval_entry all '.events.msg_cnt > 50 * .events.cnt')" true
	expect changed "$(of inval_entry changed '.events.msg_cnt == 3 * .events.cnt')" true
	expect_nothing_of_it
}

# wrongness CONDITION OPTION...: of what epoch does wrongly per run or per event, what is
# more: on a fast machine many a run is without an event, on a slow one it has several.
# Of all else nothing is counted, unless somebody has dropped caches, so that the kernel
# forgot the files, too.
wrongness() {
	local condition=$1
	shift
	workload "$@"
	[ "$status" = 0 ]
	each '(.wrong.what | length) > 8 and .wrong.cnt <= 100 * .op_cnt'
	each "if .method == \"epoch\" then .wrong.cnt / ([.op_cnt, .events.cnt] | min) | $condition
		else .wrong.cnt == 0 or .requests.FORGET > 60 end"
}

@test "numbers given anew: git looks into files, tar dumps them, restic reads them, cp skips some" {
	local dull="-w git-status,tar-dump,restic -m expire_entry,epoch --rate 20 --seconds 1"
	local quick="-w cp -m expire_entry,epoch --rate 200 --seconds 1 --latency 500us --renumber"
	# shellcheck disable=SC2086 # words are wanted
	{
		wrongness '. == 0' $dull
		each '.oracle.renumbered_cnt == 0'
		wrongness '. > 5' $dull --renumber
		expect epoch "$(of epoch all '.oracle.renumbered_cnt > 3' | uniq)" true
		expect expire_entry "$(of expire_entry all '.oracle.renumbered_cnt == 0 or .requests.FORGET > 60' | uniq)" true
		[[ ${output//$'\n'/ } == *"wrong: files that nobody had changed and that were dumped again by tar, per"* ]]
		# Only what is being copied when the event comes.
		wrongness '. > 0' $quick
	}
}

@test "what the oracle costs: the same without it, in the same round" {
	workload -w find -m epoch --rates 20 --oracle-cost
	[ "$status" = 0 ]
	expect records "$(wc -l <"$rec")" 3
	expect on "$(of epoch all 'select(.oracle.off | not) | .events.changed_cnt > 10')" true
	expect off "$(of epoch all 'select(.oracle.off) | .events.cnt > 6 and
		.events.changed_cnt == 0 and .oracle.check_cnt == 0')" true
}

@test "a daemon that tells the kernel nothing is found out" {
	workload -w find -m epoch,inval_inode --rates 20 --swallow 1
	[ "$status" = 1 ]
	expect epoch "$(of epoch all '.oracle.stale_cnt > 10')" true
	expect inode "$(of inval_inode all '.oracle.stale_cnt > 3')" true
	each '.oracle.explained == {}'
	[[ $output == *"answers were stale after the notification"* ]]
	[[ $output == *".epoch-oracle/"*" instead of "*"still so after another"* ]]
	# Each third only: the next one makes it good, but nothing was late.
	workload -w find -m epoch --rates 5 --seconds 0.7 --swallow 3
	[ "$status" = 1 ]
	[[ $output == *"after event 3; not after another, but nothing was late that explains it"* ]]
	expect_nothing_of_it
}

@test "what git can't commit, it says itself" {
	make_tree
	git init -q tree/a/inner # without a commit
	workload -w git-status -m epoch --rates 1
	[ "$status" = 77 ]
	[[ $output == *"git-status is left out: git ended with status 128: error: 'a/inner/' does not have a commit checked out"* ]]
}

@test "a kernel without INC_EPOCH: nothing to do; one that does nothing: found out" {
	make_old_kernel
	make_tree
	on_old_kernel "$bench" workload --tree tree --seconds 0.4 --rounds 1 -w find \
		-m epoch --rates 20 -o "$rec"
	[ "$status" = 77 ]
	[[ $output == *"epoch is left out: not offered by this kernel"* ]]
	[ ! -e "$rec" ]
	TAKE_IT=1 on_old_kernel "$bench" workload --tree tree --seconds 0.4 --rounds 1 \
		-w find -m epoch --rates 20 -o "$rec"
	[ "$status" = 1 ]
	expect epoch "$(of epoch all '.oracle.stale_cnt > 10')" true
}

@test "a late READDIRPLUS is seen, explained by its name, and no failure" {
	case $(uname -r) in
	6.1[678].*) ;;
	*) skip "what Linux $(uname -r) does is not known here" ;;
	esac
	mkdir -p tree/one
	echo some >tree/one/file
	# On a busy machine there may be no READDIRPLUS during an event, or one more
	# that is late when the next notification should make it good.
	local try seen=
	for try in 1 2 3; do
		workload -w find -m epoch,inval_entry --rates 5 --seconds 0.9 --late 250ms
		[ "$status" = 0 ] || { echo "$output" | sed "s/^/# try $try: /" >&3; continue; }
		# Its listing may be stale, but no name.
		expect inval_entry "$(of inval_entry all '.oracle.explained["readdirplus race"]')" null
		seen=$(of epoch all '.oracle.explained["readdirplus race"] > 0')
		[ "$seen" != true ] || break
	done
	expect epoch "$seen" true
}

@test "a timeline: the dip of one event, in bins" {
	workload --timeline -m epoch -w gcc # which has no part in it
	[ "$status" = 0 ]
	expect output "$(grep -c gcc <<<"$output")" 0
	each '.workload == "walk" and .rate_hz == 0 and .events.cnt == 1'
	each '.timeline | .bin_ns == 1000000 and (.op_cnt | length) == 3000 and
		(.max_ns | length) == 3000 and .event_ns > 900000000 and .event_ns < 1200000000'
	each '(.timeline.op_cnt | add) <= .op_cnt'
	# Nobody asks before the event; after it, the tree is looked up again.
	each '.requests.LOOKUP > 50'
}

@test "what is mounted in the tree isn't copied" {
	make_tree
	# shellcheck disable=SC2016 # expanded in there
	run unshare --mount bash -c 'mount -t tmpfs none tree/c && touch tree/c/hidden &&
		"$1" workload --tree tree --seconds 0.1 --rounds 1 -w find --rates 0 -o "$2"' - \
		"$bench" "$rec"
	echo "$output"
	[ "$status" = 0 ]
	each '.tree.submount_cnt == 1 and .tree.file_cnt == 80'
}

@test "a program that isn't there is told; if none is, there is nothing to do" {
	make_tree
	cat >without-fio <<-'SH'
		set -e
		mount --bind /dev/null "$(command -v fio)"
		exec "$1" workload --tree tree --seconds 0.1 --rounds 1 -w find,fio-stat --rates 0
	SH
	run unshare --mount bash without-fio "$bench"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"fio-stat is left out: there is no fio here"* ]]
	sed -i 's/find,//' without-fio
	run unshare --mount bash without-fio "$bench"
	[ "$status" = 77 ]
}

@test "bad input: what is wrong, and nothing is run" {
	local words
	mkdir empty
	for words in "-w frob" "-m frob" "-m none" "-m prune" "-m epoch:changed" \
		"-m inval_entry:frob" "--rates x" "--rates -1" "--seconds 0" "--rounds 0" \
		"--tree /nope" "--tree empty" "--cpus 4095" "--latency 1s" "--latency x" "-f frob" "-o /nope/file" frob; do
		# shellcheck disable=SC2086 # words are wanted
		run "$bench" workload $words
		echo "$words: $output"
		[ "$status" = 2 ]
	done
	[[ $("$bench" workload --list) == *git-status*"Others can't"*prune* ]]
}

# inside FORMAT: of stat, for a file that nobody changes.
inside() {
	nsenter -t "$child" -m stat -c "$1" /tmp/mnt/a/file1
}

is_renumbered() {
	[ "$(inside %i)" != "$number" ]
}

interrupt() {
	kill -INT "$tool"
	ended 1
}

@test "a daemon that numbers anew, one that reports no links: as stat sees it" {
	local number
	start_long --renumber --nlink-zero
	expect links "$(inside %h)" 0
	number=$(inside %i)
	until_true 20 is_renumbered
	interrupt
	start_long
	number=$(nsenter -t "$child" -m stat -c %i /tmp/tree/a/file1)
	expect both "$(inside '%i %h')" "$number 1"
	interrupt
}

@test "a daemon with a latency: each answer takes as long" {
	local begin_ms end_ms
	start_long --latency 50ms
	begin_ms=$(date +%s%3N)
	run nsenter -t "$child" -m stat /tmp/mnt/nope{1..20}
	end_ms=$(date +%s%3N)
	echo "$output"
	[ "$status" = 1 ]
	[ $((end_ms - begin_ms)) -ge 1000 ]
	interrupt
	[ ! -s "$rec" ] || each '.daemon.latency_ns == 50000000'
}

@test "Control-C: ends at once, leaves nothing" {
	start_long
	kill -INT "$tool"
	ended 1
	grep -q 'interrupted; the cells so far are kept' stderr
	expect_nothing_of_it
}

@test "kill -9 of the tool, of all in it but the daemon: nothing is left" {
	start_long
	kill -9 "$tool"
	ended 137
	expect_nothing_of_it
	start_long
	kill -STOP "$daemon"
	kill -9 "$tool" "$child"
	ended 137
	expect_nothing_of_it
}

@test "kill -9 of the daemon: a failure that says so, and nothing is left" {
	start_long
	kill -9 "$daemon"
	# The other cell starts a daemon of its own.
	until_true 20 grep -q "daemon went away" stderr
	kill -INT "$tool"
	ended 1
	expect_nothing_of_it
}

@test "a sparse tree is copied as it is, and read only by what reads no data" {
	make_tree
	truncate -s 500G tree/c/sparse
	printf x | dd of=tree/c/sparse bs=1 seek=100G conv=notrunc status=none
	workload -w find,tar --rate 0 -m inval_entry
	[ "$status" = 0 ]
	[[ $output == *"tree has 537 GB of files, of which "*" are data: holes stay holes"* ]]
	[[ $output == *"tar is left out: it would read 537 GB of holes"* ]]
	expect workloads "$(jq -r .workload "$rec")" find
	each '.tree.file_cnt == 101 and .tree.file_bytes > 500000000000'
	expect_nothing_of_it
}

@test "a path that is too long for a copy is named, all of it" {
	make_tree
	local name path=tree/c
	name=$(printf '%0200d' 0)
	(
		cd tree/c
		for _ in {1..21}; do
			mkdir "$name"
			cd "$name"
		done
	)
	workload -w find --rate 0 -m inval_entry
	[ "$status" = 2 ]
	for _ in {1..21}; do path+=/$name; done
	[[ $output == *"a path of more than 4032 bytes"*": $path"* ]]
	[[ $output != *cp:* ]]
	[ ! -e "$rec" ]
	# All that is shorter can be copied.
	rm -r "tree/c/$name/$name"
	workload -w find --rate 0 -m inval_entry
	[ "$status" = 0 ]
}
