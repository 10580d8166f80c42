#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark in guests: counts are exact there, too.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	build=${BUILD:-build}
	case $build in /*) ;; *) build=$top/$build ;; esac
	[ "${SANITIZE:-0}" = 0 ] || skip "sanitizers are too slow when emulated"
	cd "$BATS_TEST_TMPDIR"
	bats_require_minimum_version 1.5.0
}

# guest VARIANT METHODS NAMES: records into $rec.
guest() {
	rec=$BATS_TEST_TMPDIR/$1.jsonl
	"$top/scripts/vm" --fuse "$1" --smp 1 -- "$build/epochbench" run \
		-n "$3" -m "$2" -r 2 -o "$1.jsonl" 3>&-
}

# of METHOD FILTER: of that method's record.
of() { jq -c "select(.method == \"$1\") | $2" "$rec"; }

@test "stock skips the bump and says why; its rivals run" {
	guest stock all 23
	[ "$(of epoch .exit)" = 77 ]
	[[ $(of epoch .why) == *"not offered by this kernel"* ]]
	[ "$(of epoch_shrink .exit)" = 77 ]
	[ "$(of inval_entry '[.exit, .phases.total.ops.LOOKUP]')" = "[0,[23,23]]" ]
	[ "$(of expire_entry '[.exit, .phases.total.ops.LOOKUP]')" = "[0,[23,23]]" ]
	[[ $(of none .host.fuse) == '"stock '* ]]
	[ "$(of none .host.virt)" = '"tcg"' ] || [ "$(of none .host.virt)" = '"kvm"' ]
}

@test "v8 bumps: one message, all names looked up again, nothing freed before" {
	guest v8 none,epoch,epoch_shrink 23
	[ "$(of epoch '[.exit, .msgs, .phases.total.ops.LOOKUP]')" = "[0,[1,1],[24,24]]" ]
	[ "$(of epoch '.phases.notify.ops.FORGET // 0')" = 0 ]
	[ "$(of epoch '.phases.first_touch.ops.FORGET')" = "[24,24]" ]
	[ "$(of epoch_shrink .exit)" = 77 ]
}

@test "with epoch_shrink the kernel has freed all before the first touch" {
	guest shrink epoch,epoch_shrink_sync,epoch_shrink 2000
	[ "$(of epoch '.phases.first_touch.ops.FORGET')" = "[2001,2001]" ]
	local method
	for method in epoch_shrink_sync epoch_shrink; do
		[ "$(of $method '[.exit, .phases.notify.ops.FORGET]')" = "[0,[2001,2001]]" ]
		[ "$(of $method '.phases.first_touch.ops.FORGET // 0')" = 0 ]
		[ "$(of $method '.phases.total.ops.LOOKUP')" = "[2001,2001]" ]
	done
}

@test "hardened keeps the parameter as it was" {
	run -0 "$top/scripts/vm" --fuse hardened --smp 1 --with "$build/epochbench" -- sh -c \
		"$build/epochbench run -n 23 -m epoch_shrink -r 1 >&2 &&
			cat /sys/module/fuse/parameters/epoch_shrink" 3>&-
	[ "${lines[-1]}" = 0 ]
}

@test "vm-bench compares all variants, and goes on where it was stopped" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	# A cache of its own for the state, with the builds of the real one.
	local real=${XDG_CACHE_HOME:-$HOME/.cache}/fuse-epoch dir pid tries=0
	local here=$BATS_TEST_TMPDIR/cache/fuse-epoch
	mkdir -p "$here"
	for dir in kernel fuse module; do
		mkdir -p "$real/$dir"
		ln -s "$real/$dir" "$here/$dir"
	done
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	[ "$build" = "$top/build" ] || skip "vm-bench runs build/epochbench"

	setsid "$top/scripts/vm-bench" --rounds 1 --names 23 -o all 2>log 3>&- &
	pid=$!
	until grep -q ', shrink' log; do # two are done then
		[ $((tries += 1)) -lt 1000 ]
		sleep 0.1
	done
	run -1 "$top/scripts/vm-bench" --rounds 1 --names 23 -o other
	[[ $output == *"another vm-bench runs"* ]]
	kill -TERM -- "-$pid"
	wait "$pid" || :
	[ ! -e all ]

	# Of what is measured nothing has changed, though the program was built anew.
	local copy=$BATS_TEST_TMPDIR/copy
	mkdir "$copy"
	cp -a "$top/scripts" "$top/bench" "$top/kernel" "$top/build" "$copy/"
	echo >>"$copy/build/epochbench"
	run -0 --separate-stderr "$copy/scripts/vm-bench" --rounds 1 --names 23 -o all
	[[ $stderr != *discarding* ]]
	[[ $stderr != *" stock"* ]]
	[[ $stderr == *" shrink"* ]]
	[ "$(jq -r '.host.fuse | split(" ")[0]' all | uniq | paste -sd ' ')" = \
		"stock v8 shrink hardened reask" ]
	[ "$(jq -s 'map(.exit) | unique | .[]' all)" = 0 ]
	[ "$(jq -r 'select(.host.fuse | startswith("stock")) | .method' all | paste -sd ' ')" = \
		"none inval_inode_attr inval_inode inval_entry inval_entry_top expire_entry" ]
	[ -z "$(ls "$here/vm-bench")" ]

	# Where a source has changed, what was measured before is of no use.
	mkdir "$here/vm-bench/0123"
	touch "$here/vm-bench/0123/23-1-stock.jsonl"
	setsid "$copy/scripts/vm-bench" --rounds 1 --names 23 -o all 2>log 3>&- &
	pid=$! tries=0
	until grep -q ', stock' log; do
		[ $((tries += 1)) -lt 1000 ]
		sleep 0.1
	done
	kill -TERM -- "-$pid"
	wait "$pid" || :
	grep "discarding 1 samples" log
	[ ! -e "$here/vm-bench/0123" ]
}

# stubbed PROBE TCG VM: scripts/bench of a tree in which epochbench, vm and setup are
# stubs; whether there is an epoch (0, 77), the guest is emulated, and there is one (0).
stubbed() {
	mkdir -p tree/scripts tree/build bin
	cp "$top"/scripts/{bench,lib-*.sh} tree/scripts
	cat >tree/build/epochbench <<-STUB
		#!/bin/bash
		[[ "\$*" != "run -n 1 -r 1 -m epoch" ]] || { echo "epochbench: no /dev/fuse" >&2; exit $1; }
		echo "\$*" | sed 's/ -o [^ ]*//' >>"$PWD/ran"
		echo '{}' >"\$3"
		echo a table
	STUB
	printf '#!/bin/sh\nexit %s\n' "$2" >bin/grep
	cat >tree/scripts/vm <<-STUB
		#!/bin/sh
		echo "\$*" >"$PWD/vm"
		[ $3 = 0 ] || exit $3
		while [ "\$1" != -- ]; do shift; done
		shift
		PATH=$PWD/bin:\$PATH exec "\$@"
	STUB
	printf '#!/bin/sh\n' >tree/scripts/setup
	chmod +x tree/scripts/* tree/build/* bin/*
	rm -f ran vm
	run --separate-stderr tree/scripts/bench quick --cpus 0,1
}

@test "make bench without an epoch: a line, and the quick suite in a guest" {
	stubbed 0 0 0
	[ "$status $(cat ran)" = "0 run --suite quick --cpus 0,1" ]
	[ ! -e vm ]
	[[ $stderr == "Records: "*"/results/quick-$(uname -r)-"* ]]

	stubbed 77 1 0 # where KVM works
	[ "$status $output" = "0 a table" ]
	[ "$(cat ran)" = "run --suite quick --cpus 0,1" ]
	[[ $(cat vm) == *"--kernel debian:newest "* ]]
	[[ ${stderr_lines[0]} == *"has no INC_EPOCH: running the quick suite in a guest"* ]]
	[[ ${stderr_lines[1]} == "Records: "*"/results/quick-guest-"* ]]
	[ "${#stderr_lines[@]}" = 2 ]
	compgen -G 'tree/results/quick-guest-*.jsonl'

	stubbed 77 0 0 # where it is emulated
	[ "$status $(cat ran)" = "0 run -n 1k,10k -m all -r 3 --cpus 0,1" ]

	stubbed 2 1 0 # where nobody may mount
	[ "$status $output" = "0 a table" ]
	[[ ${stderr_lines[0]} == "bench: no /dev/fuse: running the quick suite in a guest"* ]]
}

@test "make bench without an epoch and without guests: what there is, or why there is nothing" {
	stubbed 77 0 1
	[ "$status $output" = "0 a table" ]
	[ "$(cat ran)" = "run -n 1k,100k -m all --cpus 0,1" ]
	[[ $stderr == *"without the epoch"* ]]
	stubbed 2 0 1
	[ "$status" = 2 ]
	[ ! -e ran ]
	[[ $stderr == *"no /dev/fuse"* ]]
}

@test "make bench on an old kernel ends with tables, within ten minutes" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "$build" = "$top/build" ] || skip "scripts/bench runs build/epochbench"
	load ../../bench/test/lib.bash
	need_mount
	make_old_kernel
	local out
	SECONDS=0
	LD_PRELOAD=$BATS_TEST_TMPDIR/old.so run --separate-stderr "$top/scripts/bench" quick 3>&-
	[ "$status" = 0 ]
	[ $SECONDS -lt 600 ]
	[[ $output == *"names, populated by readdirplus, 1 thread, emulated"* ]] ||
		[[ $output == *"kvm by QEMU"* ]]
	[[ ${stderr_lines[0]} == *"no INC_EPOCH"* ]]
	out=${stderr_lines[-1]#Records: }
	[ "$(jq -r 'select(.method == "epoch") | .exit' "$out" | sort -u)" = 0 ]
	rm "$out"
}

@test "vm-bench refuses what it can't do" {
	run -2 "$top/scripts/vm-bench" --rounds none
	run -2 "$top/scripts/vm-bench" --names many
	run -2 "$top/scripts/vm-bench" -o /nonexistent/file
	[[ $output == *"cannot write /nonexistent/file"* ]]
}

@test "--trace: the kernel's view beside the daemon's, and they agree" {
	rec=$BATS_TEST_TMPDIR/v8.jsonl
	"$top/scripts/vm" --fuse v8 --smp 2 -- "$build/epochbench" run --trace \
		-n 2000 -m none,epoch,inval_entry,inval_inode,drop_caches -r 2 \
		-o v8.jsonl >out 3>&-
	[ "$(jq -s 'map([.exit, .traced]) | unique' -c "$rec")" = "[[0,1]]" ]
	# Told by the daemon, in each phase and sample.
	[ "$(jq -c '[.phases[] | select(.kernel) | (.ops.LOOKUP // [0,0]) == .kernel.lookup_cnt
		and (.ops.FORGET // [0,0]) == .kernel.forget_cnt] | unique' "$rec" |
		sort -u)" = "[true]" ]
	[ "$(jq -c '[.phases[] | .kernel.lost_cnt // [0,0]] | unique' "$rec" | sort -u)" = "[[0,0]]" ]
	local epoch
	epoch=$(of epoch '.phases | [.notify.kernel.inc_epoch_cnt,
		(.first_touch.kernel | .epoch_cnt, .cascade_cnt, .cascade_dentry_cnt,
			.freed_cnt, .torn_cnt), .rewalk.kernel.epoch_cnt] | map(.[0])')
	[ "$epoch" = "[1,1,1,2000,2001,2000,0]" ]
	[ "$(of inval_entry '.phases.notify.kernel | [.inval_entry_cnt, .freed_cnt, .cascade_cnt]')" = \
		"[[2000,2000],[2000,2000],[0,0]]" ]
	[ "$(of inval_inode .phases.notify.kernel.inval_inode_cnt)" = "[2000,2000]" ]
	# The driver's own: all names, and their directory, twice over.
	[ "$(of none .phases.warm_walk.kernel.fresh_cnt)" = "[4000,4000]" ]
	grep -q 'What the kernel did, by the tracer' out
}

@test "--daemon --trace: what a daemon that isn't ours is asked counts the tracer" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	command -v bindfs >/dev/null || skip "needs the Debian package bindfs"
	rec=$BATS_TEST_TMPDIR/v8.jsonl
	"$top/scripts/vm" --fuse v8 --smp 2 --with "$(command -v bindfs)" -- \
		"$build/epochbench" run --trace -n 100 -r 2 -m none,epoch,expire_entry \
		--daemon 'bindfs -o entry_timeout=3600,attr_timeout=3600 {source} {mount}' \
		-o v8.jsonl >out 3>&-
	[ "$(jq -s 'map([.exit, .traced]) | unique' -c "$rec")" = "[[0,1]]" ]
	# Three names were looked at in between; of a bump the folder is stale, too.
	[ "$(of none '.phases.total.ops.LOOKUP // 0')" = 0 ]
	[ "$(of epoch .phases.total.ops.LOOKUP)" = "[98,98]" ]
	[ "$(of expire_entry .phases.total.ops.LOOKUP)" = "[97,97]" ]
	# The kernel says the same without being traced.
	[ "$(of epoch .stale_cnt)" = "[100,100]" ]
}
