#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/regress --wall: measures three sides in turns, and suspects twice.

load lib

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR"
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
}

# By CPU time where something must be found: the machine may be busy.
# gate OPTION...: base and new are this program, unless told otherwise.
gate() {
	# shellcheck disable=SC2086 # several
	"$top/scripts/regress" --wall --rounds 9 --base "$bench" --new "$bench" \
		-o ab.jsonl "$@" -- ${measured:--n 200 -m none}
}

# wrap LINE...: a program that counts its starts in the file starts; where a LINE
# has set $late_ns, its re-walks have taken so much longer, whatever else is busy;
# $late is for jq: late(PHASE) is 100 ms.
wrap() {
	printf '%s\n' '#!/bin/bash' 'set -e' 'late_ns=0 late=.' "cd '$PWD'" 'echo >>starts' \
		'n=$(wc -l <starts)' "$@" 'cd - >/dev/null' "'$bench' \"\$@\"" \
		'jq -c "def late(\$phase): .phases[\$phase].driver_cpu_ns[] += 100000000;
			.phases.rewalk.driver_cpu_ns[] += $late_ns | $late" new.jsonl >late' \
		'mv late new.jsonl' >wrapped
	chmod +x wrapped
}

# all INSNS WALL: the statuses of two gates that say their names, and nothing else.
all() {
	mkdir -p gates
	cp "$top"/scripts/{regress,lib-*.sh} gates/
	printf '#!/bin/sh\necho insns; exit %s\n' "$1" >gates/regress-insns
	printf '#!/bin/sh\necho wall; exit %s\n' "$2" >gates/regress-wall
	chmod +x gates/*
	gates/regress
}

@test "all gates: the worst counts, and who interrupts one wants no other" {
	run -3 all 3 0
	[ "$output" = $'insns\nwall' ]
	run -0 all 77 0
	run -77 all 77 77
	run -130 all 130 0
	[ "$output" = insns ]
	"$top/scripts/regress" --help | grep -q 'make regress'
}

@test "what it can't use: 2" {
	run -2 "$top/scripts/regress" --frob
	[[ $output == *--frob*--help* ]]
	run -2 gate --rounds 8
	[[ $output == *"fewer than 9"* ]]
	run -2 gate --frob
	run -2 "$top/scripts/regress" --wall --against no-such-revision
	[[ $output == *"isn't a revision"*"fatal: "* ]]
	"$top/scripts/regress" --help | grep -q Examples
}

@test "the same program is not slower; the record has three sides in turns" {
	need_mount
	run -0 --separate-stderr gate --seed 23
	[[ ${lines[-1]} == "0 slower, "* ]]
	[ "$(jq -r '"\(.side) \(.samples)"' ab.jsonl | paste -sd ,)" = \
		"base 9,again 9,new 9" ]
	[ "$(jq -r .run_id ab.jsonl | sort -u | wc -l)" = 1 ]
	# Round i of all sides comes before round i + 1 of any.
	jq -es '[range(8) as $i | (map(.start_ns[$i]) | max) <
		(map(.start_ns[$i + 1]) | min)] | all' ab.jsonl
	# In each round in the order that the seed gives (results/SCHEMA.md).
	[ "$(jq -r .order_seed ab.jsonl | sort -u)" = 23 ]
	diff <(orders ab.jsonl) <(by_seed 23)
	[ "$(orders ab.jsonl | sort -u | wc -l)" -gt 3 ]
	[ -z "$(ls -A cache/fuse-epoch/regress)" ]
}

# orders FILE: the sides of each round, by when they were measured.
orders() {
	jq -rs 'range(9) as $i | sort_by(.start_ns[$i]) | map(.side) | join(" ")' "$1"
}

by_seed() { # SEED
	local round side
	for round in {1..9}; do
		for side in base again new; do
			printf '%s %s\n' "$(sha256sum <<<"$1 $round $side")" $side
		done | sort | awk '{ print $NF }' | paste -sd ' '
	done
}

@test "without a seed each session has one of its own, and goes on with it" {
	need_mount
	# Of nine rounds it fails in the fifth, and all three tries.
	wrap 'if [ $n -ge 5 ] && [ $n -le 7 ]; then exit 1; fi' 'late_ns=100000000'
	run -1 gate --cpu --new ./wrapped
	run -3 gate --cpu --new ./wrapped
	local first second
	first=$(jq -r .order_seed ab.jsonl | sort -u)
	second=$(jq -r .order_seed ab-again.jsonl | sort -u)
	diff <(orders ab.jsonl) <(by_seed "$first")
	diff <(orders ab-again.jsonl) <(by_seed "$second")
	[ "$first" != "$second" ]
	run -2 gate --seed 0
	[[ $output == *"--seed 0: a number from 1 on"* ]]
}

@test "base is a revision, which is built once" {
	need_mount
	[ "${SANITIZE:-0}" = 0 ] || skip "what is sanitized is slower than what isn't"
	git -C "$top" rev-parse --quiet --verify HEAD >/dev/null || skip "no git here"
	local commit
	commit=$(git -C "$top" rev-parse HEAD)
	run -0 --separate-stderr "$top/scripts/regress" --wall --rounds 9 \
		--new "$bench" -o ab.jsonl -- -n 50 -m none
	[ "$(jq -r 'select(.side != "new") | .host.bench' ab.jsonl | sort -u)" = \
		"${commit::12}" ]
	local built=cache/fuse-epoch/epochbench/$commit/epochbench
	[ -x "$built" ]
	# A' is the same code in another order, and is what was measured.
	local again=cache/fuse-epoch/epochbench/$commit-again/epochbench
	functions() { nm "$1" | sed -n 's/.* [tT] \([a-z_]*\)$/\1/p' | sort; }
	diff <(functions "$built") <(functions "$again")
	if diff <(nm "$built") <(nm "$again") >differ; then return 1; fi
	touch -d yesterday "$built"
	run -0 "$top/scripts/regress" --wall --against HEAD --rounds 9 \
		--new "$bench" -o ab.jsonl -- -n 50 -m none
	[ "$built" -ot ab.jsonl ]
	[ -z "$(find "$built" -mtime 0)" ] # not built again
}

@test "A' can be another program than A" {
	need_mount
	wrap 'late_ns=100000000'
	run -0 --separate-stderr gate --cpu --again ./wrapped
	[ "$(wc -l <starts)" = 9 ]
	# Its difference is the floor, so nothing is slower.
	"$bench" compare --cpu -f json ab.jsonl |
		jq -e 'any(.cells[]; .phase == "rewalk" and .floor > 1)'
}

@test "slower twice: 3" {
	need_mount
	wrap 'late_ns=100000000'
	run -3 --separate-stderr gate --cpu --new ./wrapped
	[[ $stderr == *"slower, so it is measured again: none "*rewalk* ]]
	[[ ${lines[-1]} != "0 slower"* ]]
	[ -s ab-again.jsonl ]
	[ "$(wc -l <starts)" -ge 18 ]
}

@test "slower once is no regression" {
	need_mount
	wrap '[ $n -gt 9 ] || late_ns=100000000'
	run -0 --separate-stderr gate --cpu --new ./wrapped
	[[ $stderr == *"measured again"* ]]
	[[ ${lines[-1]} == "0 slower, "* ]]
}

@test "of two that were slower, one is confirmed, and only that is reported" {
	need_mount
	wrap 'late="if .method == \"none\" then late(\"rewalk\") else . end"' \
		'[ $n -gt 9 ] || late+=" | if .method == \"inval_entry\" then
			late(\"warm_walk\") else . end"'
	local measured='-n 200 -m none,inval_entry'
	run -3 --separate-stderr gate --cpu --strict --new ./wrapped
	echo "$stderr"
	[[ $stderr == *"not slower the second time: "*"inval_entry warm_walk (invalidate, "*" 200 names"* ]]
	[[ $stderr != *"second time: "*"none rewalk"* ]]
	[[ ${lines[-1]} == "1 slower, "* ]]
	jq -se 'map(select(.side == "new") | .method as $m | .phases | keys | map("\($m) \(.)")) |
		add | (index("none rewalk") != null) and (index("inval_entry warm_walk") != null) and
			(index("inval_entry rewalk") == null)' ab-again.jsonl
}

# The phase is a suspect's, and so is the size, but of another.
@test "what is slower in the second session only is no regression, in any form" {
	need_mount
	wrap 'small="if .n == 200 then late" big="if .n == 300 then late"' \
		'if [ $n -le 9 ]; then' \
		'	late="$small(\"rewalk\") else . end | $big(\"warm_walk\") else . end"' \
		'else late="$big(\"rewalk\") else . end"; fi'
	local measured='-n 200,300 -m none'
	run -0 --separate-stderr gate --cpu --format json --new ./wrapped
	[[ $stderr == *"not slower the second time: none rewalk "*" 200 names"*"none warm_walk "*" 300 names"* ]]
	jq -e '.verdicts.slower == 0 and ([.cells[] | "\(.n) \(.phase)"] |
		(index("200 rewalk") != null) and (index("300 warm_walk") != null) and
			(index("300 rewalk") == null))' <<<"$output"
}

@test "interrupted: 130, and nothing is tried again" {
	need_mount
	# As Ctrl-C: all of them hear of it, and epochbench ends in its own way.
	wrap 'trap : INT' 'kill -INT 0' 'exit 1'
	run -130 env --default-signal=INT setsid --wait "$top/scripts/regress" --wall --rounds 9 \
		--base ./wrapped --new "$bench" -o ab.jsonl -- -n 200 -m none
	[ "$(wc -l <starts)" = 1 ]
}

ended() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

# As what is started in the background does.
@test "where SIGINT is ignored, SIGTERM interrupts: 130, and what runs ends" {
	need_mount
	wrap 'echo $$ >pid' 'exec sleep 1000'
	env --ignore-signal=INT "$top/scripts/regress" --wall --rounds 9 --base ./wrapped \
		--new "$bench" -o ab.jsonl -- -n 200 -m none 3>&- &
	until_true 20 test -s pid
	local status=0
	kill -INT $!
	kill -TERM $!
	wait $! || status=$?
	[ "$status" = 130 ]
	until_true 10 ended "$(<pid)"
	[ "$(wc -l <starts)" = 1 ]
}

@test "words of commands are kept together by quotes; the records go where they are named" {
	need_mount
	wrap :
	mkdir "it's here"
	mv wrapped "it's here/a b"
	ln -s there.jsonl link.jsonl
	run -0 "$top/scripts/regress" --wall --rounds 9 --base "env A=1 \"./it's here/a b\"" \
		--new "'$bench'" -o link.jsonl -- -n 50 -m none
	[ -L link.jsonl ]
	[ "$(jq -r .samples there.jsonl | sort -u)" = 9 ]
	[ "$(wc -l <starts)" = 18 ]
	run -2 gate --base "'$bench"
	[[ $output == *"these are no words"* ]]
	run -1 "$top/scripts/regress" --wall --rounds 9 --base "$bench" --new "$bench" \
		-o /dev/full -- -n 50 -m none
	[[ $output == *"cannot write /dev/full: what belongs there is in "* ]]
	rm -f "${output##* }"
	[ -c /dev/full ]
}

@test "one at a time" {
	mkdir -p cache/fuse-epoch
	exec {lock}>cache/fuse-epoch/regress.lock
	flock "$lock"
	run -1 gate
	exec {lock}>&-
	[[ $output == *"another regress runs: wait for it, or stop it"* ]]
}

@test "what both sides skip can't be judged: 77" {
	need_mount
	make_old_kernel
	run -77 env LD_PRELOAD="$BATS_TEST_TMPDIR/old.so" "$top/scripts/regress" --wall \
		--rounds 9 --base "$bench" --new "$bench" -o ab.jsonl -- -n 200 -m epoch
	[[ $output == *"all is skipped here: "?* ]]
}

@test "a side that fails: 1; the next start goes on where it was" {
	need_mount
	wrap 'if [ $n -ge 5 ] && [ $n -le 7 ]; then exit 1; fi'
	run -1 gate --new ./wrapped
	[[ $output == *"run this again to go on"* ]]
	[ ! -e ab.jsonl ]
	run -0 gate --new ./wrapped
	[ "$(wc -l <starts)" -ge 12 ] # 9, and 3 that failed
	[ "$(wc -l <starts)" -lt 18 ]
	[ "$(jq -r .samples ab.jsonl | sort -u)" = 9 ]
}
