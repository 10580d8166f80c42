#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench compare: verdicts, what it refuses, and that other tools read it.

load lib

# A session of three sides, all from the same records, in other orders: ab holds
# no change, slow a re-walk that takes 30% longer.
setup_file() {
	cd "$BATS_FILE_TMPDIR"
	side() { # SIDE SHIFT TIMES
		jq -c --arg side "$1" --argjson shift "$2" --argjson times "$3" '
			select(.case == "invalidate" and .n == 1000 and
				(.method == "none" or .method == "epoch")) |
			.side = $side |
			.start_ns |= map(. + $shift * 1000000) |
			.phases[].ns |= .[$shift:] + .[:$shift] |
			.phases.rewalk.ns |= map(. * $times | floor)' \
			"$top/results/reference/quick.jsonl"
	}
	{ side base 0 1; side again 1 1; } >base
	{ cat base; side new 2 1; } >ab.jsonl
	{ cat base; side new 2 1.3; } >slow.jsonl
	{ cat base; side new 2 0.7; } >fast.jsonl
}

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_FILE_TMPDIR"
}

compare() { "$bench" compare "$@"; }

# verdict METHOD PHASE: of the JSON in $output.
verdict() {
	jq -r --arg m "$1" --arg p "$2" '.cells[] |
		select(.method == $m and .phase == $p) | .verdict' <<<"$output"
}

@test "the same is no regression: 0; slower: 3; faster: 0" {
	run -0 compare -f json ab.jsonl
	[ "$(jq '.verdicts.slower + .verdicts.faster' <<<"$output")" = 0 ]
	run -3 compare -f json slow.jsonl
	[ "$(verdict epoch rewalk)" = slower ]
	[ "$(verdict epoch warm_walk)" != slower ]
	jq -e '[.cells[] | select(.method == "epoch" and .phase == "rewalk")][0] |
		.change > 0.25 and .change < 0.35 and .floor < 0.1 and
		.p_holm < 0.01 and .p < .p_holm and .base_runs == 15 and .again_runs == 15 and .unit == "ns"' <<<"$output"
	run -0 compare -f json fast.jsonl
	[ "$(verdict epoch rewalk)" = faster ]
}

@test "undecided is a failure only with --strict; slower goes first" {
	run -0 compare -f json ab.jsonl
	[ "$(jq .verdicts.undecided <<<"$output")" -gt 0 ]
	run -1 compare --strict ab.jsonl
	run -3 compare --strict slow.jsonl
	# What noise hides can be left out.
	run -0 compare --strict --phase rewalk,total -m epoch ab.jsonl
}

@test "without an A/A all is undecided, and says what to do" {
	jq -c 'select(.side != "again")' slow.jsonl >no-aa
	run -0 compare no-aa
	[[ $output == *"no A/A in the records: measure with regress --wall"* ]]
	[[ $output == *"0 slower, 0 faster, 0 same, "* ]]
	run -1 compare --strict no-aa
}

@test "two files, and folders of them" {
	mkdir -p old new
	jq -c 'select(.side == "base")' slow.jsonl >old/1.jsonl
	jq -c 'select(.side == "again")' slow.jsonl >old/2.jsonl
	jq -c 'select(.side == "new")' slow.jsonl >new/1.jsonl
	echo nonsense >new/notes.txt
	run -3 compare -f json old new
	printf "%s\n" "$output" >two
	run -3 compare -f json slow.jsonl
	diff two - <<<"$output"
	# The side of a file that names none is that of the file.
	jq -c '.side = ""' new/1.jsonl >plain
	run -3 compare -f json old plain
	diff two - <<<"$output"
}

@test "--cpu compares the CPU time, and says so" {
	jq -c 'if .side == "new" then .phases.rewalk.driver_cpu_ns |= map(. * 3)
		else . end | del(.phases.notify)' ab.jsonl >busy
	run -0 compare busy
	run -3 compare --cpu -f json busy
	[ "$(verdict epoch rewalk)" = slower ]
	jq -e 'all(.cells[]; .cpu and .unit == "ns")' <<<"$output"
	local want
	want=$(jq -s '[.[] | select(.method == "epoch" and .side == "new") |
		.phases.rewalk | [.driver_cpu_ns, .daemon_cpu_ns] | transpose[] |
		add] | sort | .[7]' busy)
	jq -e --argjson want "$want" 'any(.cells[]; .phase == "rewalk" and
		.method == "epoch" and .new == $want)' <<<"$output"
	run -3 compare --cpu -f ktap busy
	[[ $output == *"not ok "*"/rewalk_cpu"* ]]
	compare --cpu -f gobench busy >go.txt || [ $? = 3 ]
	grep -q "phase=rewalk_cpu.*$want ns/op" go.txt
}

@test "a method that failed in NEW only: 1" {
	jq -c 'if .side == "new" and .method == "none"
		then .exit = 1 | .why = "it broke" else . end' ab.jsonl >failed
	run -1 --separate-stderr compare failed
	[[ $stderr == *"none, wide, 1000 names: failed in failed: it broke"* ]]
	run -1 compare -f markdown -m none failed
	[[ $output == *"### Failed: "* ]]
}

@test "what wasn't compared is in the forms of others: failed, skipped, absent" {
	command -v xmllint >/dev/null || skip "no xmllint here"
	jq -c 'if .side == "new" and .method == "none" and .n == 1000
		then .exit = 1 | .why = "it broke" else . end' ab.jsonl >gap
	jq -c 'select(.method == "none") | .method = "prune" |
		if .side == "new" then .exit = 77 | .why = "not here" else . end' \
		ab.jsonl >>gap
	jq -c 'select(.method == "none" and .side != "new") | .method = "delete"' \
		ab.jsonl >>gap
	local path=/wide/1000/readdirplus/1
	run -1 --separate-stderr compare -f json gap
	jq -e '(.left_out | map([.method, .n, .failed, .why])) == [
		["none", 1000, true, "failed in gap: it broke"],
		["prune", 1000, false, "skipped in gap: not here"],
		["delete", 1000, true, "only in gap"]]' <<<"$output"
	local cells
	cells=$(jq '.cells | length' <<<"$output")
	run -1 --separate-stderr compare -f junit gap
	printf "%s\n" "$output" >gap.xml
	count() { xmllint --xpath "count($1)" gap.xml; }
	attr() { xmllint --xpath "string(//testsuite/@$1)" gap.xml; }
	[ "$(count //testcase)" = $((cells + 3)) ]
	[ "$(attr tests)" = $((cells + 3)) ]
	[ "$(attr errors),$(count //error)" = 2,2 ]
	[ "$(attr skipped)" = "$(count //skipped)" ]
	message() { # METHOD ELEMENT
		xmllint --xpath "string(//testcase[@name='invalidate/$1$path']/$2/@message)" gap.xml
	}
	[ "$(message none error)" = "failed in gap: it broke" ]
	[ "$(message prune skipped)" = "skipped in gap: not here" ]
	[ "$(message delete error)" = "only in gap" ]
	run -1 --separate-stderr compare -f ktap gap
	grep -A 1 '^# failed in gap: it broke$' <<<"$output" |
		grep -qE "^not ok [0-9]+ invalidate/none$path\$"
	grep -qE "^ok [0-9]+ invalidate/prune$path # SKIP skipped in gap: not here\$" <<<"$output"
	grep -qE "^not ok $((cells + 3)) invalidate/delete$path\$" <<<"$output"
	[ "${lines[1]}" = "1..$((cells + 3))" ]
	run -1 --separate-stderr compare -f kcidb gap
	jq -e '[.tests[] | select(has("number") | not)] |
		all(.[]; .id | contains("Z-")) and
		(map([(.path | split(".")[2]), .status, .comment]) == [
		["none", "ERROR", "failed in gap: it broke"],
		["prune", "SKIP", "skipped in gap: not here"],
		["delete", "ERROR", "only in gap"]])' <<<"$output"
	for form in gobench otava; do
		run -1 --separate-stderr compare -f $form gap
		if grep -E "none|prune|delete" <<<"$output"; then return 1; fi
		[[ $stderr == *"numbers only: invalidate/none$path (failed)"* ]]
		[[ $stderr == *"numbers only: invalidate/delete$path (failed)"* ]]
	done
	run -1 --separate-stderr compare -f markdown gap
	[[ $output == *"Failed: invalidate/none$path: failed in gap: it"* ]]
	[[ $output == *"Failed: invalidate/delete$path: only in gap."* ]]
	[[ $output == *"undecided; not compared: 3"* ]]
	# Nothing but a failure is still a document.
	run -1 --separate-stderr compare -m none -f junit gap
	[[ $output == *'errors="1"'* ]]
	run -1 --separate-stderr compare -m none -f kcidb gap
	jq -e '.tests | length == 1' <<<"$output"
	# Without the failures nothing has failed.
	run -0 compare -m epoch,prune -f ktap gap
	# What only NEW has is told, and fails if one is strict.
	jq -c 'if .side == "base" then .side = "new" elif .side == "new" then
		.side = "base" else . end' gap >swapped
	run -0 --separate-stderr compare -m epoch,delete -f markdown swapped
	[[ $output == *"Not compared: invalidate/delete$path: only in swapped."* ]]
	run -1 --separate-stderr compare --strict -m epoch,delete -f markdown swapped
	[[ $output == *"Failed: invalidate/delete$path: only in swapped."* ]]
}

@test "half a file isn't all of it: the lines that are left" {
	jq -c 'select(.side != "new")' ab.jsonl >whole-old
	jq -c 'select(.side == "new")' ab.jsonl >whole-new
	run -0 compare whole-old whole-new
	head -n 1 whole-new >half
	run -1 --separate-stderr compare whole-old half
	[[ $output == *"Failed: "*"only in whole-old."* ]]
	[[ $output == *"; not compared: "* ]]
	head -n 1 whole-old >half
	run -0 --separate-stderr compare half whole-new
	[[ $output == *"Not compared: "*"only in whole-new."* ]]
	run -1 --separate-stderr compare --strict half whole-new
	head -c -1 whole-new >half
	run -2 compare whole-old half
	[[ $output == *"the record is cut off"* ]]
	head -c -50 whole-old >half
	run -2 compare half whole-new
	[[ $output == *"the record is cut off"* ]]
}

@test "junit: when NEW was measured, and its medians in seconds" {
	command -v xmllint >/dev/null || skip "no xmllint here"
	jq -c 'if .side == "base" then . else .run_id = "20261122T233132Z-6932" end' \
		ab.jsonl >when
	compare -m epoch -f junit when >when.xml
	[ "$(xmllint --xpath 'string(//testsuite/@timestamp)' when.xml)" = 2026-11-22T23:31:32 ]
	local want
	want=$(compare -m epoch -f json when | jq '.cells[] | select(.phase == "rewalk").new')
	jq -en --argjson want "$want" --argjson is "$(xmllint --xpath \
		'string(//testcase[contains(@name, "/rewalk")]/@time)' when.xml)" \
		'$want > 0 and ($is * 1e9 | round) == $want'
	# What the records don't say isn't there.
	jq -c '.run_id = "by hand" | .clock = "insns" |
		.phases[] |= (.insns = .ns | del(.ns))' ab.jsonl >by-hand
	compare -m epoch -f junit by-hand >by-hand.xml
	if grep -E 'time(stamp)?=' by-hand.xml; then return 1; fi
	if grep -i hostname= when.xml; then return 1; fi
}

@test "--strict: undecided is a failure in the forms of others, too" {
	jq -c 'select(.side != "again" and .method == "epoch")' ab.jsonl >strict
	run -0 --separate-stderr compare -f junit strict
	[[ $output == *'failures="0"'*"<skipped"?"message=\"undecided: no A/A"* ]]
	run -1 --separate-stderr compare --strict -f junit strict
	[[ $output == *'skipped="0"'*"<failure"?"message=\"undecided: no A/A"* ]]
	[[ $output != *'failures="0"'* ]]
	run -0 --separate-stderr compare -f ktap strict
	if grep '^not ok' <<<"$output"; then return 1; fi
	run -1 --separate-stderr compare --strict -f ktap strict
	if grep -E '^ok|SKIP' <<<"$output"; then return 1; fi
	grep -A 1 '^# undecided: no A/A' <<<"$output" | grep -q '^# undecided: .* to '
	run -0 --separate-stderr compare -f kcidb strict
	jq -e 'all(.tests[]; .status == "DONE")' <<<"$output"
	run -1 --separate-stderr compare --strict -f kcidb strict
	jq -e 'all(.tests[]; .status == "FAIL")' <<<"$output"
}

@test "a phase that one side never reached: no NaN in any form" {
	jq -c 'if .side == "new" then del(.phases.warm_walk) | .samples = 14 |
		(.. | arrays) |= .[:14] else . end | select(.method == "epoch")' \
		ab.jsonl >nan
	for form in json kcidb junit ktap gobench otava text markdown; do
		run -0 --separate-stderr compare -f $form nan
		if grep -iE '[^a-z](nan|inf)([^a-z]|$)' <<<"$output"; then return 1; fi
	done
	run -0 --separate-stderr compare -f json nan
	jq -e 'any(.cells[]; .phase == "warm_walk" and .new == null and .base > 0)' <<<"$output"
	run -0 --separate-stderr compare -f kcidb nan
	jq -e '[.tests[] | select(has("number") | not) | .misc.phase] == ["warm_walk"]' <<<"$output"
	run -0 --separate-stderr compare -f otava nan
	[ "$(awk -F, '{print NF}' <<<"$output" | sort -u | wc -l)" = 1 ]
	if grep warm_walk <<<"$output"; then return 1; fi
	[[ $stderr == *"not in the CSV: invalidate.epoch.wide.1000.readdirplus.1.warm_walk (no samples)"* ]]
}

@test "several forms in one call: each as alone, and the status is that of the verdict" {
	local form
	run -0 --separate-stderr compare -f junit=two.xml -f ktap -f markdown=two.md ab.jsonl
	expect shown "$output" "$(compare -f ktap ab.jsonl 2>/dev/null)"
	expect junit "$(cat two.xml)" "$(compare -f junit ab.jsonl 2>/dev/null)"
	expect markdown "$(cat two.md)" "$(compare -f markdown ab.jsonl 2>/dev/null)"
	run -0 --separate-stderr compare -f json=two.json ab.jsonl
	expect text "$output" "$(compare ab.jsonl 2>/dev/null)"
	jq -e .cells two.json
	run -2 compare -f junit=no/such/two.xml ab.jsonl
	[[ $output == *"-f junit=no/such/two.xml: cannot write there"* ]]
	run -2 compare -f no=two.xml ab.jsonl
	[[ $output == *"no format is called 'no'"* ]]
	# A place that is full: said, and no verdict.
	run -1 --separate-stderr compare -f junit=/dev/full ab.jsonl
	[[ $stderr == *"cannot write /dev/full"* ]]
	expect text "$output" "$(compare ab.jsonl 2>/dev/null)"
	form=$("$bench" gate -f json=gate.json -f markdown=gate.md "$top/results/baseline/insns.jsonl"{,})
	[[ $form == *same* ]]
	grep -q '^### ' gate.md
	jq -es 'length > 0' gate.json >/dev/null
}

@test "unusable input: 2, and what to do" {
	run -2 compare
	[[ $output == *"name BASE and NEW"* ]]
	run -2 compare a b c
	run -2 compare /nonexistent ab.jsonl
	[[ $output == *"/nonexistent: No such file"* ]]
	mkdir -p empty
	run -2 compare empty
	[[ $output == *"no records"* ]]
	head -c 500 ab.jsonl >cut.jsonl
	run -2 compare cut.jsonl
	[[ $output == *"cut.jsonl:1:"*"cut off"* ]]
	jq -c '.schema = 2' ab.jsonl >schema
	run -2 compare schema
	[[ $output == *"schema"* ]]
	jq -c '.samples = 8 | (.. | arrays) |= .[:8]' ab.jsonl >few
	run -2 compare few
	[[ $output == *"few has 8 runs of"*"measure with -r 15"* ]]
	jq -c 'if .side == "new" then .host.kernel = "9.9" else . end' ab.jsonl >other
	run -2 compare other
	[[ $output == *"the kernel differs"*"say --across kernel"* ]]
	run -0 compare --across kernel other
	run -0 compare --across CPUS,Kernel other
	run -0 compare --across all --phase all other
	run -0 compare --force other
	run -2 compare --across frob ab.jsonl
	[[ $output == *"no aspect is called 'frob'"* ]]
	run -2 compare --phase frob ab.jsonl
	run -2 compare -n frob ab.jsonl
	run -2 compare -f frob ab.jsonl
	run -2 compare --fuse v8 ab.jsonl
	run -2 compare -n 5 ab.jsonl
	[[ $output == *"no numbers in common"* ]]
	run -0 compare -n 1k ab.jsonl
	if "$bench" compare ab.jsonl >/dev/full; then return 1; fi
	"$bench" compare -h | grep -q Examples
}

@test "a side that lost a round is told: its rounds don't pair" {
	jq -c 'if .side == "again" then .samples = 14 | (.. | arrays) |= .[:14] else . end' \
		slow.jsonl >lost
	local form
	for form in text markdown; do
		run -3 compare -m epoch -f $form slow.jsonl
		[[ $output != *"No rounds"* ]]
		run -3 compare -m epoch -f $form lost
		[[ $output == *"No rounds ("*"): one side has more runs than the other"* ]]
	done
	run -3 compare -m epoch -f json lost
	jq -e 'all(.cells[]; .rounds | not)' <<<"$output"
}

# A few comparisons of the simulation: results/README.md has those of many.
@test "simulated: more spread about the same median isn't called a change" {
	"$build/test/sim_compare" -w spread -t 40 >spread
	jq -se 'length == 24 and all(.[] | select(.samples == "normal, 2%"); .called <= 2)' spread
}

@test "simulated: a load that comes and goes raises alarms in cycled rounds only" {
	"$build/test/sim_compare" -w order -t 150 >order
	jq -se '[.[] | {(.order): .alarms}] | add | .cycled > 2 * .shuffled and .shuffled <= 2' order
}

@test "too few runs for so many numbers are told" {
	jq -c '.samples = 9 | (.. | arrays) |= .[:9]' slow.jsonl >nine
	run -3 --separate-stderr compare nine
	[ "$stderr" = "" ]
	for i in $(seq 20); do jq -c ".n = $i" nine; done >many
	run -0 --separate-stderr compare many
	[[ $stderr == *"9 runs can't show a change among"*"or more"* ]]
}

@test "the text is a table, with the verdict in words" {
	run -3 compare slow.jsonl
	grep -qE '^invalidate +epoch +wide +1k +rewalk .*\+[23][0-9]% .*slower$' <<<"$output"
	[[ $output == *"Base: 15 runs"*"New: 15 runs"* ]]
	[[ ${lines[-1]} == *" slower, "*" faster, "*" same, "*" undecided" ]]
}

@test "what is nothing at first has no percentage, and no small floor" {
	jq -c '.phases.reclaim.ns |= map(0)' slow.jsonl >nothing
	jq -c 'if .side == "base" then . else .phases.reclaim.ns |= map(5000) end' \
		nothing >noise
	run -3 compare -m epoch noise
	grep -qE ' reclaim +2.5 us +5 us .* from 0 .*undecided$' <<<"$output"
	jq -c 'if .side == "new" then .phases.reclaim.ns |= map(5000) else . end' \
		nothing >from-nothing
	run -3 compare -m epoch from-nothing
	grep -qE ' reclaim +0 ns +5 us +from 0 +from 0 +from 0 +0.0% .*slower$' <<<"$output"
	run -3 compare -f json -m epoch from-nothing
	jq -e '.cells[] | select(.phase == "reclaim") | .change == null and .floor == 0' \
		<<<"$output"
}

@test "markdown: what changed is first" {
	run -3 compare -f markdown slow.jsonl
	[[ ${lines[0]} == "### Slower: "* ]]
	sed '/<details>/q' <<<"$output" | grep -q '| epoch | wide | 1k | rewalk |'
	if sed '/<details>/q' <<<"$output" | grep -q '| same |'; then return 1; fi
	[[ ${lines[-1]} == "</details>" ]]
}

@test "junit: xmllint and junitparser read it" {
	command -v xmllint >/dev/null || skip "no xmllint here"
	jq -c '.shape = "a<b&\"c\">"' slow.jsonl >special
	run -3 compare -f junit special
	printf "%s\n" "$output" >junit.xml
	xmllint --noout junit.xml
	count() { xmllint --xpath "count($1)" junit.xml; }
	run -3 compare -f json special
	[ "$(count //testcase)" = "$(jq '.cells | length' <<<"$output")" ]
	[ "$(count //testcase/failure)" = "$(jq .verdicts.slower <<<"$output")" ]
	[ "$(count //testcase/skipped)" = "$(jq .verdicts.undecided <<<"$output")" ]
	[[ $(xmllint --xpath 'string(//testcase[1]/@name)' junit.xml) == *'/a<b&"c">/'* ]]
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' junit.xml)" = \
		"$(count //failure)" ]
	command -v junitparser >/dev/null || skip "no junitparser here: not read by it"
	run junitparser verify junit.xml
	[ "$status" = 1 ] # it has failures
	compare -f junit ab.jsonl >good.xml
	junitparser verify good.xml
}

@test "ktap: prove reads it" {
	run -3 compare -f ktap slow.jsonl
	[ "${lines[0]}" = "KTAP version 1" ]
	printf "%s\n" "$output" >slow.ktap
	compare -f ktap ab.jsonl >ab.ktap
	prove -e cat ab.ktap
	run prove -e cat slow.ktap
	[ "$status" != 0 ]
	[[ $output == *"Failed "* ]]
}

@test "gobench: benchstat or benchcmp read it" {
	run -3 compare -f gobench slow.jsonl
	printf "%s\n" "$output" >slow.txt
	[ "$(grep -c 'phase=rewalk.*ns/op' slow.txt)" = 90 ] # 2 methods, 3 sides
	if command -v benchstat >/dev/null; then
		benchstat -col side slow.txt | grep -q 'phase=rewalk.*+[23]'
		return
	fi
	command -v benchcmp >/dev/null || skip "neither benchstat nor benchcmp here"
	sed -n '1,/^side: new/p' slow.txt >go-base
	sed '1,/^side: new/d' slow.txt >go-new
	benchcmp -best go-base go-new | grep 'method=epoch.*phase=rewalk' |
		grep -qE '\+(2|3)[0-9]\.[0-9]+%'
}

@test "kcidb: the keys, values and patterns of its schema 5.3" {
	jq -c '.shape |= sub("wide"; "a b+c")' slow.jsonl >odd
	run -3 compare -f kcidb odd
	# No package has kcidb-io: this is what its v05_03.py says of a test.
	jq -e '.version == {major: 5, minor: 3} and (keys == ["tests", "version"]) and
		(.tests | length > 10) and all(.tests[];
			(keys - ["origin", "id", "build_id", "path", "status", "comment",
				"number", "environment", "misc"] == []) and
			(.origin | test("^[a-z0-9_]+$")) and
			(.id | test("^[a-z0-9_]+:.*$")) and
			(.build_id | test("^[a-z0-9_]+:.*$")) and
			(.path | test("^[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*$")) and
			(.status | IN("FAIL", "PASS", "DONE")) and
			(.number | keys == ["prefix", "unit", "value"]) and
			(.number.value | type == "number") and
			([.. | nulls] == []))' <<<"$output"
	[ "$(jq '[.tests[].id] | unique | length' <<<"$output")" = \
		"$(jq '.tests | length' <<<"$output")" ]
	jq -e 'any(.tests[]; .status == "FAIL" and .misc.phase == "rewalk")' <<<"$output"
	# A kernel whose fuse is built in names no variant of it.
	jq -c '.host |= (.kernel = "6.18" | .fuse = "" | .bench = "v1")' ab.jsonl >built-in
	run -0 compare -f kcidb built-in
	jq -e 'all(.tests[]; .build_id == "fuse_epoch:6.18 v1")' <<<"$output"
}

@test "otava: a header, a row a side, as many cells in each" {
	run -3 compare -f otava slow.jsonl
	[ ${#lines[@]} = 3 ]
	[[ ${lines[0]} == time,side,bench,kernel,fuse,invalidate.none.wide.1000.* ]]
	[[ ${lines[1]} =~ ^20[0-9][0-9]-[01][0-9]-[0-3][0-9]\ [0-9:]{8}\ \+0000,base, ]]
	[ "$(awk -F, '{print NF}' <<<"$output" | sort -u | wc -l)" = 1 ]
	[[ ${lines[1]%%,*} < ${lines[2]%%,*} ]] # new comes later
	jq -c '.host.bench = "v1, \"odd\""' ab.jsonl >odd-bench
	[ "$(compare -f otava odd-bench | grep -c ",\"v1, 'odd'\",")" = 2 ]
	command -v otava >/dev/null || skip "no otava here: not read by it"
	printf 'tests:\n  t:\n    type: csv\n    file: x.csv\n    time_column: time\n    attributes: [side]\n    metrics: [%s]\n' \
		"$(cut -d , -f 6 <<<"${lines[0]}")" >otava.yaml
	printf "%s\n" "$output" >x.csv
	otava --config-file otava.yaml analyze t
}
