#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Two kernels, or two commits: how they are compared, found and written up.  What builds,
# boots and counts is a fake here, so that this takes seconds; those have their own tests.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	[ -x "$bench" ] && [ "$build" = "$top/build" ] || skip "needs build/epochbench, as the scripts take it"
	cd "$BATS_TEST_TMPDIR" || return
	mkdir scripts
	ln -s "$top"/{bench,build,kernel} .
	cp "$top"/scripts/{insns-kernels,insns-bisect,patch-check,vm-bench,hazards,find-kernel,regress,regress-insns,{insns-least,patch-check}.jq,lib*.sh} scripts/
}

# fake NAME: a script of that name; its text comes on standard input.
fake() {
	{ echo '#!/bin/bash'; cat; } >"scripts/$1"
	chmod +x "scripts/$1"
}

# Instructions are counted by what the image's name says: HIT.img, or HIT-STALE.img.
fake_counts() {
	cat >>scripts/lib-insns.sh <<-'SH'
		count() { # WHAT COMMAND --kernel IMAGE ... --seed N
			local image=${4##*/} hit
			echo "$1 ${*: -1} ${*:5}" >>"$BATS_TEST_TMPDIR/order"
			hit=${image%.img}
			one none hit $((${hit%-*} + (${*: -1} - 1) * 3))
			[[ $hit != *-* ]] || one epoch stale "${hit#*-}"
		}
		one() { # METHOD PHASE INSNS
			jq -cn --arg m "$1" --arg p "$2" --argjson i "$3" '{ schema: "insns/1",
				kernel: "1.2.3", fuse: "", tracer: "", method: $m, phase: $p, n: 256,
				insns: $i, functions: { "fuse_dentry_revalidate [fuse]": ($i - 999),
				other: 1000 } }'
		}
	SH
}

image() {
	sed 's/^CONFIG_FUSE_FS=m/CONFIG_FUSE_FS=y/' "$top/kernel/config/base.config" >config
	fake_kernel "$1" 1.2.3 config
}

@test "two kernels take turns, and a mail says which functions take more" {
	fake_counts
	image 2000.img
	image 2007-9000.img
	printf 'x\0name=fuse\0vermagic=1.2.3 SMP \0' >"it's fuse.ko"
	run -3 --separate-stderr scripts/regress --insns --kernel 2007-9000.img --against 2000.img \
		--module "it's fuse.ko" --against-module "it's fuse.ko"
	echo "$output"
	expect "order" "$(cut -d ' ' -f 1-2 order | paste -sd ,)" "base 1,new 1,base 2,new 2"
	expect "modules" "$(grep -c -- "--module=$PWD/it's fuse.ko" order)" 4
	# The second boots took 3 more: so much is tolerated.
	grep -qE '^hit +2000 +2007 +\+7 +3 +WORSE$' <<<"$output"
	grep -qE '^stale miss +- +9000 +- +[0-9]+ +only in new$' <<<"$output"
	[[ $output == *$'\nhit: 2007 instructions, 2000 in the base: WORSE by 7\n      +7  fuse_dentry_revalidate [fuse]\n'* ]]
	[[ $output == *"  base  1.2.3"*"2000.img, sha256 "*"  new   1.2.3"* ]]
	# Without the paths, which are the user's.
	expect "longest line" "$(($(grep -v "$PWD" <<<"$output" | wc -L) <= 76))" 1
	# The last lines are the command again, from any folder.
	sed -n '/^To repeat it/,$ { s/^    //p }' <<<"$output" >again
	run -3 --separate-stderr bash ./again
	grep -qE '^hit +2000 +2007 ' <<<"$output"
}

@test "the other forms are the verdict alone; measurements can be kept" {
	fake_counts
	image 2000.img
	image 2009.img
	run -0 --separate-stderr scripts/insns-kernels --seeds 1 -f json -o kept.jsonl --kernel 2000.img --against 2009.img
	expect "json" "$(jq -r '.operations[] | "\(.operation) \(.outcome)"' <<<"$output")" "hit better"
	expect "kept" "$(jq -r 'select(.phase == "hit").insns' kept.jsonl)" 2000
	run -2 scripts/regress --insns --kernel 2000.img
	[[ $output == *"two kernels are needed"* ]]
	run -2 scripts/insns-kernels --kernel "$top/README.md" --against 2000.img
	[[ $output == *"is no x86 boot image"* ]]
}

# A tree whose commits cost what cost.txt says: cheap, three that are dear from the
# second on, and a branch.
make_tree() {
	local cost
	git init -q -b main tree
	(
		cd tree || return
		git config user.name Nobody
		git config user.email nobody@example.org
		for cost in 10 10 10 "$@"; do
			echo "$cost" >cost.txt
			echo "$RANDOM $cost" >>log.txt
			git add -A
			git commit -qm "costs $cost"
			git tag "c$((n += 1))"
		done
	)
}

# Kernels are called by what they cost; one that costs "broken" can't be built.
fake_builds() {
	fake build-tree <<-'SH'
		for commit in "${@:3}"; do
			cost=$(git -C "$2" show "$commit:cost.txt")
			[ "$cost" != broken ] || exit 1
			printf '%s\n' "$cost.img" "$cost.ko"
		done
	SH
	fake insns-kernels <<-'SH'
		while [ $# -gt 0 ]; do
			case $1 in --kernel) new=${2%.img} ;; --against) base=${2%.img} ;; --format) form=$2 ;; esac
			shift
		done
		outcome=same
		[ "$new" -le "$base" ] || outcome=worse
		[ "$form" = json ] || printf '%s\n' "$new against $base" '' 'To repeat it:' '    cached'
		[ "$form" != json ] || echo "{\"operations\":[{\"operation\":\"hit\",\"outcome\":\"$outcome\"}]}"
		[ $outcome = same ] || exit 3
	SH
}

@test "the commit that costs more is found, and nothing of the tree has changed" {
	make_tree 10 17 17 17 17
	fake_builds
	echo dirty >tree/cost.txt
	find tree -type f -exec sha256sum {} + | sort >before
	run --separate-stderr scripts/regress --insns --bisect c1..main --tree tree
	echo "$stderr"
	[ "$status" = 3 ]
	[[ ${lines[0]} == *'("costs 17") of Nobody'*" takes more:" ]]
	expect "which" "${lines[0]%% *}" "$(git -C tree rev-parse --short c5)"
	[[ $output == *"17 against 10"*"To repeat it, in "*" c1..main" && $output != *cached* ]]
	find tree -type f -exec sha256sum {} + | sort | diff before -
	run -0 scripts/insns-bisect --tree tree c1..c4
	[[ $output == *"nothing takes more in c4 than in c1"* ]]
	run -0 scripts/insns-bisect --tree tree --operation miss c1..main
}

@test "a commit that can't be built is skipped; a range that is none is refused" {
	make_tree broken 17 17
	fake_builds
	run -1 scripts/insns-bisect --tree tree c1..c6
	echo "$output"
	[[ $output == *"the bisection failed"* ]] # it is that or the next
	make_tree_again() { rm -rf tree; n=0 make_tree "$@"; }
	make_tree_again 10 broken 10 17 17
	run -3 --separate-stderr scripts/insns-bisect --tree tree c1..c8
	expect "which" "${lines[0]%% *}" "$(git -C tree rev-parse --short c7)"
	run -2 scripts/insns-bisect --tree tree c1
	run -2 scripts/insns-bisect --tree tree c1..nowhere
	[[ $output == *"no commit nowhere"* ]]
	run -2 scripts/insns-bisect --tree tree c8..c1
	[[ $output == *"c8 isn't before c1"* ]]
}

# patched BASE HEAD COST: both sides' self-tests say so ("test:outcome ..."), in order of
# runs, and counting ends with that status.
patched() {
	mkdir -p base head
	printf '%s\n' '/x/fs/fuse/dir.c:10:3: warning: old' >base/warnings
	printf '%s\n' '/y/fs/fuse/dir.c:12:3: warning: old' '/y/fs/fuse/dir.c:40:1: warning: new | one' >head/warnings
	fake build-tree <<<"printf '%s\n' base/bzImage base/fuse.ko head/bzImage head/fuse.ko"
	fake selftest <<-SH
		side=\${2%/*} out=\${6} outcomes=($1)
		[ \$side = base ] || outcomes=($2)
		echo "\$side \${*:7}" >>runs
		for one in "\${outcomes[@]}"; do
			name=\${one%%:*} outcome=\${one#*:}
			[ \$# -lt 7 ] || [[ " \${*:7} " == *" \$name "* ]] || continue
			# flaky: red the first time only
			[ \$outcome != flaky ] || { outcome=fail; [ ! -e seen ] || outcome=pass; : >seen; }
			printf '{"test":"%s","title":"does | %s","outcome":"%s","failed":["it does"],"reason":null}\n' \
				\$name \$name \$outcome >>\$out
		done
		exit 1
	SH
	fake insns-kernels <<<"printf '%s\n' 'hit: WORSE, or not' '' 'To repeat it:' '    cached'; exit $3"
}

@test "a page says what patches do: tests, warnings, cost" {
	make_tree
	patched "a:pass b:fail c:pass d:skip guest:pass" "a:pass b:fail c:fail d:skip guest:pass" 0
	run --separate-stderr scripts/patch-check --tree tree c1..main
	echo "$output $stderr"
	[ "$status" = 1 ]
	[[ $output == "# c1..main"* && $output == *" costs 10"*"log.txt | "* ]]
	[[ $output == *$'new warnings.\n\n```\nfs/fuse/dir.c:40:1: warning: new | one\n```'* ]]
	[[ $output == *'| `c` | does \| c | ok | **red** | it does |'* ]]
	[[ $output == *'- ok on both: `a`, `guest`'*'- red on both, a hazard that both have: `b`'*'- not run on either: `d`'* ]]
	[[ $output == *$'```\nhit: WORSE, or not\n```'* ]]
	# It was run again, and nothing else.
	expect "runs" "$(paste -sd , runs)" "base ,head ,base c,head c"
}

@test "what is slower is 3; a test that was red once only isn't worse" {
	make_tree
	patched "a:pass b:pass" "a:flaky b:pass" 3
	: >base/warnings
	: >head/warnings
	run -3 --separate-stderr scripts/patch-check --tree tree -o page c1..main a b
	expect "on stdout" "$output" ''
	grep -qx 'Each test ends as it did before.' page
	grep -q 'no new warnings' page
	grep -qxF 'scripts/patch-check --tree DIR c1..main a b' page
	run -2 scripts/patch-check --tree tree main
	[[ $output == *"'main' is no range"* ]]
	run -2 scripts/patch-check --tree tree -o /nonexistent/page c1..main
}

@test "vm-bench starts kernels of yours beside our variants" {
	export XDG_CACHE_HOME=$PWD/cache
	image mine
	printf 'x\0name=overlay\0vermagic=1.2.3 SMP \0' >over.ko
	fake build-module <<<'printf "%s\n" /kernel /stock/fuse.ko'
	fake vm <<-'SH'
		echo "$*" >>"$XDG_CACHE_HOME/../started"
		echo '{}' >new.jsonl
	SH
	run scripts/vm-bench --rounds 1 -n 1k -o out --module over.ko stock ./mine
	echo "$output"
	[[ $(sed -n 1p started) == "--fuse=stock --smp 1 "*"-m none,inval_inode_attr,"* ]]
	[[ $(sed -n 2p started) == "--kernel $PWD/mine --module=$PWD/over.ko --smp 1 "*"-m none,epoch,inval_inode_attr,"* ]]
}

@test "hazards starts a kernel of yours, from any folder" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	image mine
	printf 'x\0name=overlay\0vermagic=1.2.3 SMP \0' >over.ko
	fake vm <<-'SH'
		echo "$*" >>"$BATS_TEST_TMPDIR/started"
		echo '{"a":1}' >new.jsonl
	SH
	mkdir elsewhere
	cd elsewhere
	run -0 ../scripts/hazards -o out --module ../over.ko ../mine
	expect "records" "$(cat out)" '{"a":1}'
	[[ $(cat ../started) == "--smp 1 --kernel $BATS_TEST_TMPDIR/mine --module=$BATS_TEST_TMPDIR/over.ko -- "*"/build/epochbench hazards --patience 1s --names none --prefix scripts/vm --smp 1 --kernel "* ]]
}

@test "only a tree of Linux can be built" {
	n=0 make_tree
	run -2 "$top/scripts/build-tree" --tree tree c1
	[[ $output == *"no fs/fuse/dir.c in c1"* ]]
	run -2 "$top/scripts/build-tree" --tree tree nowhere
	[[ $output == *"no commit nowhere in tree"* ]]
	run -2 "$top/scripts/build-tree" --tree /nonexistent c1
}
