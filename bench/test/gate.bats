#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench gate: its exit status, and what it says, in all forms.

load lib

# insns FUSE TRACER METHOD PHASE COUNT [FUNCTION:COUNT...]: a measurement.
insns() {
	local fuse=$1 tracer=$2 method=$3 phase=$4 cnt=$5
	shift 5
	jq -cn --arg fuse "$fuse" --arg tracer "$tracer" --arg method "$method" \
		--arg phase "$phase" --argjson cnt "$cnt" '
		($ARGS.positional | map(split(":") | {(.[0]): (.[1] | tonumber)}) |
			add // {}) as $f |
		{schema: "insns/1", kernel: "6.12", fuse: $fuse, tracer: $tracer,
		 method: $method, phase: $phase, n: 100, times: 3, insns: $cnt,
		 functions: ($f + {f: ($cnt + 1 - ([$f[]] | add // 0))})}' \
		--args "$@"
}

first_line() { jq -cn --arg gcc "$1" '{schema: "insns/1", versions: {gcc: $gcc}}'; }

# Hit 5 and miss 7 above stock; traced a hit is 105 above.
setup_file() {
	cd "$BATS_FILE_TMPDIR"
	stock() {
		first_line "${1:-12}"
		insns "stock 1" "" none hit 1000
		insns "stock 1" "" none miss 5000
		insns "stock 1" "" inval_inode notify 700
	}
	{
		stock
		insns "v8 1" "" none hit 1005 "revalidate [fuse]:15"
		insns "v8 1" "" none miss 5007
		insns "v8 1" epochstat none hit 1105
	} >base
	{
		stock
		insns "v8 2" "" none hit 1011 "revalidate [fuse]:20" "<a&b>:1"
		insns "v8 2" "" none miss 4990 "revalidate [fuse]:2"
		insns "v8 2" epochstat none hit 1105
		insns "v8 2" epochstat inval_inode notify 800
	} >worse
	# The miss is gone, and the hit of the traced one.
	grep -v '"v8 .*"phase":"miss"' base | jq -c 'if .tracer == "epochstat"
		then .method = "inval_inode" | .phase = "notify" else . end' >missing
	{
		stock 13 | jq -c 'if .phase == "hit"
			then .insns = 1009 | .functions.g = 9 else . end'
		grep '"v8 ' base | jq -c 'if .phase == "hit"
			then .insns += 9 | .functions.g = 9 else . end'
	} >moved
	jq -c 'if .versions then .versions.gcc = "12" else . end' moved >strange
}

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_FILE_TMPDIR"
}

gate() { "$bench" gate "$@"; }

@test "same: 0; worse: 3; what moved with stock: 0, but not with --exact" {
	run -0 gate base base
	run -3 gate base worse
	grep -qE '^v8 +hit +1011 +\+11 +\+5 +0 +WORSE$' <<<"$output"
	[[ $output == *$'\nv8, hit: +11 instructions more than stock, +5 in the baseline: WORSE by 6\n'* ]]
	[[ $output == *"      +5  revalidate [fuse]"* ]]
	run -0 gate base moved
	[[ $output == *"Moved since the baseline: gcc, '12' -> '13'."* ]]
	run -0 gate --exact base moved
	run -0 gate base strange
	run -1 gate --exact base strange
}

# by QEMU CPU: a copy of base that was counted so.
by() { jq -c --arg q "$1" --arg c "$2" 'if .versions
	then .versions += {qemu: $q, cpu: $c} else . end' base; }

@test "another emulator, and another CPU, are told in each form" {
	local form
	by "QEMU 7.2" max,-fsrm >one
	by "QEMU 10.0" max,-fsrm >emulator
	by "QEMU 10.0" max >cpu
	for form in text markdown junit ktap json; do
		run -0 gate -f $form one one
		[[ $output != *"two sides were counted"* ]]
		run -0 gate -f $form one emulator
		[ $form = json ] || [[ $output == *"by different emulators on the same CPU"* ]]
		[[ $form != json || $output == *'"QEMU 10.0"'* ]]
		run -0 gate -f $form one cpu
		[ $form = json ] || [[ $output == *"counted on different CPUs"* ]]
	done
	# A baseline that is older than the pinned CPU doesn't say which it was.
	run -0 gate base one
	[[ $output == *"counted on different CPUs"* ]]
	# It is in the part of a pull request that isn't folded away.
	run -0 gate -f markdown one cpu
	[[ ${lines[1]} == "The two sides were counted on different CPUs"* ]]
}

# One kernel, without stock: kernel HIT [STALE] of it.
kernel() {
	first_line 12
	insns kernel "" none hit "$1" "revalidate_$(printf 'x%.0s' {1..80}):$(($1 - 900))"
	insns kernel "" none miss 5000
	[ -z "${2-}" ] || insns kernel "" epoch stale "$2"
}

@test "two kernels: each operation against itself, in 76 columns" {
	kernel 1000 7000 >one
	kernel 1011 7008 >two
	run -0 gate --direct one one
	run -3 gate --direct one two
	grep -qE '^hit +1000 +1011 +\+11 +0 +WORSE$' <<<"$output"
	grep -qE '^stale miss +7000 +7008 +\+8 +8 +same$' <<<"$output"
	[[ $output == *$'\nhit: 1011 instructions, 1000 in the base: WORSE by 11\n'* ]]
	[[ $output == *"     +11  revalidate_xxx"* ]]
	expect "longest line" "$(wc -L <<<"$output")" 76
	run -0 gate --direct two one
	[[ $output == *$'\nhit: 1000 instructions, 1011 in the base: better by 11\n'* ]]
	run -2 gate one two # nothing to compare with
	[[ $output == *"count stock as well"* ]]
}

@test "what only one of two kernels can: new is said, gone is a failure" {
	kernel 1000 >without
	kernel 1000 7000 >with
	local form
	run -0 gate --direct without with
	grep -qE '^stale miss +- +7000 +- +8 +only in new$' <<<"$output"
	run -1 gate --direct with without
	grep -qE '^stale miss +7000 +- +- +- +MISSING$' <<<"$output"
	for form in markdown junit ktap json; do
		run -0 gate --direct -f $form without with
		[[ $output != *FAILED* ]]
		run -1 gate --direct -f $form with without
	done
}

# with_upper FILE MORE: its operations, in three of four of which 20 more are needed; hits
# of v8 need MORE than that.
with_upper() {
	jq -c --argjson more "$2" 'if .insns then .upper_insns = .insns + 20 + (if .phase == "hit"
		and (.fuse | startswith("v8")) and .tracer == "" then $more else 0 end)
		else . end' "$1"
}

@test "an operation that takes longer at times is worse, too" {
	local form
	with_upper base 0 >even
	with_upper base 600 >at_times
	run -0 gate even even
	run -3 gate even at_times
	[[ $output == *$'\nv8, hit: +5 instructions more than stock, +5 in the baseline: same; in one of four or more WORSE by 600'* ]]
	expect accused "$(grep -c 'WORSE by' <<<"$output")" 1
	run -0 gate at_times even
	# And if all take longer, but some of them more.
	jq -c 'if .phase == "hit" and .fuse == "v8 1" and .tracer == "" then
		.insns += 7 | .functions.f += 7 else . end' at_times >both
	run -3 gate even both
	[[ $output == *"in the baseline: WORSE by 7, in one of four or more by 600"* ]]
	for form in markdown junit ktap; do
		run -3 gate -f $form even at_times
		[[ $output == *"in one of four or more WORSE by 600"* ]]
	done
	run -3 gate -f json even at_times
	jq -e '.operations[0] | .outcome == "worse" and .upper_more_insns == 605 and
		.base_upper_more_insns == 5' <<<"$output"
	# A baseline that is older doesn't know.
	run -0 gate base at_times
	# Boots that differ by as much, and what a copy may take more.
	jq -c 'if .upper_insns then .spread_upper_insns = 600 else . end' at_times >boots
	run -0 gate even boots
	jq -c 'if .upper_insns then .upper_insns = .insns - 1 else . end' even >less
	run -2 gate even less
	[[ $output == *'"upper_insns" isn'*'t a number from "insns" on'* ]]
}

@test "an operation that isn't counted any more: 1, and it is named" {
	run -1 gate base missing
	[[ $output == *$'\nv8: miss isn\'t counted any more; it is in the baseline\n'* ]]
	[[ $output == *$'\nv8, traced: hit isn\'t counted any more; it is in the baseline\n'* ]]
	grep -qE '^v8 +miss +- +- +\+7 +- +MISSING$' <<<"$output"
	# A variant that wasn't counted at all isn't missed.
	grep -v epochstat base >untraced
	run -0 gate base untraced
	# Worse goes first, as in epochbench compare.
	grep -v '"phase":"miss"' worse >both
	run -3 gate base both
	[[ $output == *"v8: miss isn't counted any more"* ]]
}

@test "an operation that the baseline lacks isn't judged: 1, and it is named" {
	grep -v '"phase":"miss"' base >half
	{ grep '"stock 1".*"miss"' base; } >>half
	run -1 gate half base
	[[ $output == *$'\nv8: miss isn\'t in the baseline: record that again' ]]
	run -1 gate -f markdown half base
	[ "${lines[0]}" = "### 2 operations, none costs more; not in the baseline: 1: FAILED" ]
	run -1 gate -f ktap half base
	[ "$(grep -c '^not ok' <<<"$output")" = 1 ]
}

@test "half a baseline, or half a run, is none" {
	jq -c --argjson cnt "$(($(wc -l <base) - 1))" \
		'if .versions then .measurements = $cnt else . end' base >counted
	run -0 gate counted counted
	local cnt
	for ((cnt = 0; cnt < $(wc -l <base); cnt++)); do
		head -n "$cnt" counted >short
		run -2 gate short base
		run -2 gate base short
	done
	[[ $output == *"short: 5 measurements, but there were 6 when it was written"* ]]
	head -c -1 base >short
	run -2 gate base short
	[[ $output == *"short:7: the record is cut off"* ]]
}

@test "what a stranger wrote is refused: numbers, names, what comes twice" {
	changed() { # FILTER: of the last line
		sed '$d' base
		tail -n 1 base | jq -c "$1"
	}
	refused() { # FILTER TEXT
		changed "$1" >changed
		run -2 gate base changed
		[[ $output == *"changed:7: $2"* ]]
	}
	refused '.insns = 1000000000001 | .functions = {f: 1000000000002}' '"insns" and "n" must be'
	refused '.insns = -1' '"insns" and "n" must be'
	refused '.n = 1e300' '"insns" and "n" must be'
	refused '.functions.f -= 1' "the functions don't add up"
	refused '.functions = {a: 9e18, b: 9e18}' 'a function without a number'
	refused '.functions = {"a\u001b[2J": 1106}' 'the name of a function'
	refused '.fuse = "v8\u202e"' '"fuse" must be a text'
	refused '.fuse = 65 * "x"' '"fuse" must be a text'
	refused '.phase = "a b"' '"phase" must be of letters'
	refused '.spread_insns = "x"' '"spread_insns" isn'
	sed '$ s/"n":100/"n":100,"n":100/' base >changed
	run -2 gate base changed
	[[ $output == *"duplicate"* ]]
	run -2 gate base /dev/zero
	[[ $output == *"/dev/zero: more than 64 MiB"* ]]
	run -2 gate base .
	[[ $output == *"Is a directory"* ]]
}

@test "many measurements take time that is linear in them" {
	{
		cat base
		insns "vNR 1" "" none hit 1005 | awk '{
			for (i = 100; i < 20000; i++) {
				line = $0
				sub(/NR/, i, line)
				print line
			}
		}'
	} >many
	timeout 30 "$bench" gate many many >said
	expect rows "$(grep -c same said)" 19903
}

@test "unusable input: 2" {
	run -2 gate base
	run -2 gate base nowhere
	[[ $output == *"nowhere: No such file"* ]]
	run -2 gate base base base
	if "$bench" gate base base >/dev/full; then return 1; fi
}

@test "markdown: the verdict, what changed, the rest folded away" {
	run -3 gate -f markdown base worse
	[ "${lines[0]}" = "### 1 of 3 operations cost more: WORSE; not in the baseline: 1" ]
	local head
	head=$(sed '/<details>/q' <<<"$output")
	[[ $head == *"**v8, hit**: +11 instructions more than stock, +5 in the baseline: WORSE by 6"*"      +5  revalidate [fuse]"*"**v8, miss**: -10 "*": better by 17"* ]]
	if grep 'traced' <<<"$head" | grep -v inval_inode; then return 1; fi
	grep -qE '^\| v8, traced \| hit \| 1105 \| \+105 \| \+105 \| 0 \| same \|$' <<<"$output"
	[ "${lines[-1]}" = "</details>" ]
	run -0 gate -f markdown base base
	[ "${lines[0]}" = "### 3 operations, none costs more" ]
	run -1 gate -f markdown base missing
	[ "${lines[0]}" = "### 1 operations, none costs more; not counted any more: 2; not in the baseline: 1: FAILED" ]
	sed '/<details>/q' <<<"$output" | grep -qF "**v8, miss**: isn't counted any more"
	run -1 gate --exact -f markdown base strange
	[[ ${lines[0]} == *"but stock has moved: FAILED" ]]
}

@test "junit: a test a row, and xmllint reads it" {
	command -v xmllint >/dev/null || skip "no xmllint here"
	at() { xmllint --xpath "string($1)" x.xml; }
	gate -f junit base worse >x.xml || [ $? = 3 ]
	[ "$(at //testsuite/@tests),$(at //testsuite/@failures),$(at //testsuite/@errors),$(at //testsuite/@skipped)" = 4,1,1,0 ]
	[ "$(xmllint --xpath 'count(//testcase)' x.xml)" = 4 ]
	[[ $(at '//testcase[@name="v8: hit"]/failure/@message') == *"WORSE by 6" ]]
	[[ $(at '//testcase[@name="v8: hit"]/failure') == *"+5  revalidate [fuse]"*"+1  <a&b>"* ]]
	gate -f junit base missing >x.xml || [ $? = 1 ]
	[ "$(at //testsuite/@errors),$(xmllint --xpath 'count(//error)' x.xml)" = 3,3 ]
	[[ $(at '//testcase[@name="v8, traced: hit"]/error/@message') == "isn't counted any more"* ]]
	gate -f junit base strange >x.xml
	[ "$(at //testsuite/@errors)" = 0 ]
	gate --exact -f junit base strange >x.xml || [ $? = 1 ]
	[ "$(at //testsuite/@errors)" = 1 ]
	[[ $(at //error) == *"+9  g"* ]]
}

@test "ktap: prove reads it" {
	run -3 gate -f ktap base worse
	[ "${lines[0]},${lines[1]}" = "KTAP version 1,1..4" ]
	grep -B 3 '^not ok 1 v8: hit$' <<<"$output" | grep -q '^#  *+5  revalidate'
	grep -B 1 '^not ok 4 v8, traced: inval_inode$' <<<"$output" | grep -q 'not in the baseline$'
	run -1 gate -f ktap base missing
	[ "$(grep -c '^not ok' <<<"$output")" = 3 ]
	gate -f ktap base base >base.ktap
	prove -e cat base.ktap
	gate -f ktap base worse >worse.ktap || [ $? = 3 ]
	if prove -e cat worse.ktap; then return 1; fi
}

@test "json: all figures, null for what wasn't counted" {
	run -3 gate -f json base worse
	jq -e '.schema == 1 and .moved == {} and (.operations | length == 4) and
		.operations[0] == {fuse: "v8", traced: false, operation: "hit",
			insns: 1011, base_insns: 1005, more_insns: 11,
			base_more_insns: 5, tolerance_insns: 0,
			upper_more_insns: null, base_upper_more_insns: null,
			outcome: "worse",
			functions: {"revalidate [fuse]": 5, "<a&b>": 1}} and
		.operations[3].outcome == "new" and
		.operations[3].base_insns == null' <<<"$output"
	run -1 gate -f json base missing
	jq -e '[.operations[] | select(.outcome == "missing") |
		[.operation, .insns, .base_more_insns]] ==
		[["miss", null, 7], ["hit", null, 105]]' <<<"$output"
	run -0 gate -f json base moved
	jq -e '.moved == {gcc: ["12", "13"]} and .stock_moved == {g: 9}' <<<"$output"
	run -2 gate -f frob base base
	[[ $output == *"no format is called 'frob'"* ]]
	for form in text markdown junit ktap json; do
		if "$bench" gate -f $form base base >/dev/full; then return 1; fi
	done
}
