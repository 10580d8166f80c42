#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The page of `epochbench report -f html`: what is on it, that nothing of a record is
# markup or program, and, where there is a Chromium, how it looks and works.

load lib.bash
load browser.bash

setup_file() {
	export page=$BATS_FILE_TMPDIR/page.html
	! command -v gnuplot >/dev/null ||
		"$bench" report -f html "$top"/results/{reference,baseline}/*.jsonl \
			"$top/results/history.jsonl" >"$page" 2>"$BATS_FILE_TMPDIR/said"
}

setup() {
	bats_require_minimum_version 1.5.0
	command -v gnuplot >/dev/null || skip "no gnuplot here"
	cd "$BATS_TEST_TMPDIR" || return
	results=$top/results
}

teardown() {
	browser_stop
}

# xpath EXPRESSION [FILE]
xpath() { xmllint --xpath "$1" "${2:-$page}"; }

sections() { xpath '//section/@id' "$1" | tr -d ' ' | paste -sd ' '; }

@test "all committed records are on it, and nobody complains" {
	expect complaints "$(cat "$BATS_FILE_TMPDIR/said")" ""
	expect sections "$(sections "$page")" "$(printf 'id="%s" ' cost stall dip rates insns \
		hazards daemons trend runs others | sed 's/ $//')"
	expect records "$(xpath 'string(//footer)' | grep -o '^[0-9]*' | head -1)" \
		"$(cat "$results"/{reference,baseline}/*.jsonl "$results/history.jsonl" | wc -l)"
}

@test "what isn't given has no section" {
	"$bench" report -f html "$results/reference/daemons.jsonl" >one.html
	expect sections "$(sections one.html)" 'id="daemons"'
	"$bench" report -f html - <"$results/history.jsonl" >two.html
	expect sections "$(sections two.html)" 'id="cost" id="trend" id="runs"'
}

@test "no record of a run is lost" {
	rows=$(xpath "count(//section[@id='runs']//tbody/tr)")
	expect rows "$rows" "$(cat "$results"/reference/*.jsonl "$results/history.jsonl" |
		jq -c 'select(.phases and .case)' | sort -u | wc -l)"
	jq -c 'select(.exit == 77)' "$results/reference/quick.jsonl" >skipped.jsonl
	"$bench" report -f html skipped.jsonl >skipped.html
	expect sections "$(sections skipped.html)" 'id="runs"'
	[[ $(xpath 'string(//tbody)' skipped.html) == *"skipped: not offered"* ]]
}

@test "it is well-formed, and no id is there twice" {
	xmllint --noout "$page"
	expect "ids twice" "$(xpath '//@id' | sort | uniq -d)" ""
}

@test "it loads nothing, and lets nothing be loaded" {
	expect addresses "$(grep -ciE '[a-z]://|@import|url\(' "$page")" 0
	expect loaders "$(xpath 'count(//link | //img | //iframe | //object | //@src | //@style)')" 0
	expect "links elsewhere" "$(xpath "count(//@href[not(starts-with(., '#'))])")" 0
	sum() { xpath "//$1/text()" | sha256sum - | cut -c 1-64; }
	hex() { base64 -d | od -An -v -tx1 | tr -d ' \n'; }
	policy=$(xpath "string(//meta[@http-equiv='Content-Security-Policy']/@content)")
	[[ $policy == "default-src 'none'; "* ]]
	[[ $policy != *unsafe* ]]
	for what in style script; do
		"$bench" report -f html "$results/history.jsonl" >raw
		text=$(sed "s/.*<$what>/<$what>/; s,</$what>.*,</$what>," raw | sed -n "/<$what>/,/<\/$what>/p")
		text=${text#"<$what>"} text=${text%"</$what>"}
		expect "sum of $what" "$(printf %s "$text" | sha256sum | cut -c 1-64)" \
			"$(grep -o "$what-src 'sha256-[^']*" <<<"$policy" | sed 's/.*sha256-//' | hex)"
	done
}

# Each text of a record that its reader lets through is markup.
hostile='def bad: "<b>\"'"'"'&\\";
	if .phases then .method = bad | .host.bench = bad + "</script>" | .host.fuse = bad |
		.host.kernel = bad | .host.cpus = bad | .host.virt = bad | .shape = bad | .populate = bad
	elif .kind == "workload" then .tree.source = bad | .host.kernel = bad | .commit = bad
	elif .schema == "hazards/1" then .kernel = bad | .fuse = bad | .detail = bad | .probe = bad |
		.reproduce = bad
	elif .schema == "insns/1" and .fuse then .kernel = bad + .kernel | .fuse = bad + .fuse |
		.tracer = if .phase == "stale" then bad else "" end
	elif .schema == "daemons/1" then .name = bad + .name | .version = bad | .library = bad |
		.debian = bad | .why = bad
	elif .schema == "insns/1" then .
	else walk(if type == "string" then bad + . elif type == "object" then with_entries(.key |= bad + .)
		else . end) end'

make_hostile() {
	{
		cat "$results"/reference/{quick,workload,trace-cost,insns-alarms,daemons}.jsonl "$results/history.jsonl"
		head -n 2000 "$results/reference/hazards.jsonl"
	} | jq -c "$hostile" >bad.jsonl
	jq -c "$hostile" "$results/baseline/insns-kernels.jsonl" >bad-insns.jsonl
	jq -c "$hostile" "$results/reference/mainline-operations.jsonl" >bad-insns2.jsonl
}

@test "nothing of a record is markup" {
	make_hostile
	"$bench" report -f html bad.jsonl bad-insns{,2}.jsonl >bad.html
	xmllint --noout bad.html
	expect sections "$(sections bad.html | wc -w)" 10
	expect "elements of records" "$(xpath 'count(//b)' bad.html)" 0
	expect scripts "$(xpath 'count(//script)' bad.html)" 1
	[ "$(grep -o '&lt;b&gt;' bad.html | wc -l)" -gt 500 ]
	# What people paste has words of ours only.
	expect commands "$(xpath '//code/text()' bad.html | grep -c '[<>;&"$`]')" 0
}

@test "nothing of a record is in what gnuplot is told" {
	make_hostile
	mkdir bin
	cat >bin/gnuplot <<-SH
		#!/bin/bash -p
		exec $(command -v gnuplot) -d < <(tee '$PWD/told'/\$\$)
	SH
	chmod +x bin/gnuplot
	mkdir told
	PATH=$PWD/bin:$PATH "$bench" report -f html bad.jsonl bad-insns{,2}.jsonl >bad.html
	told=(told/*)
	[ ${#told[@]} -gt 10 ]
	run grep -rl '<b>' told
	expect "programs with names" "$output" ""
	run grep -rhoE 'epoch|inval_entry|6\.12' told
	expect "names in programs" "$output" ""
}

@test "a damaged line: status 2, and no page" {
	head -c 500 "$results/history.jsonl" >cut.jsonl
	run -2 --separate-stderr "$bench" report -f html "$results/history.jsonl" cut.jsonl
	expect page "$output" ""
	# shellcheck disable=SC2154 # bats sets it
	[[ $stderr == *cut.jsonl:1:* ]]
	jq -c '.samples = -1' "$results/history.jsonl" >wrong.jsonl
	run -2 --separate-stderr "$bench" report -f html wrong.jsonl
	expect page "$output" ""
}

@test "options of other forms are refused" {
	for option in -v --trend --rate=5; do
		run -2 --separate-stderr "$bench" report -f html $option "$results/history.jsonl"
		expect page "$output" ""
	done
}

@test "records that are all alike: gnuplot has nothing to say" {
	jq -c '.phases[] |= (if .ns then .ns |= map(1000) else . end)' "$results/history.jsonl" >alike.jsonl
	jq -c 'if .insns then .insns = 9 | .functions = {f: 10} else . end' \
		"$results/baseline/insns-kernels.jsonl" >alike-insns.jsonl
	run -0 --separate-stderr "$bench" report -f html alike.jsonl alike-insns.jsonl
	expect complaints "$stderr" ""
	jq -c '.phases[] |= (if .ns then .ns |= map(0) else . end)' "$results/history.jsonl" >zero.jsonl
	run -0 --separate-stderr "$bench" report -f html zero.jsonl
	expect complaints "$stderr" ""
}

@test "without gnuplot: status 77, what to install, and tables as before" {
	run -77 --separate-stderr env PATH=/nonexistent "$bench" report -f html "$results/history.jsonl"
	expect page "$output" ""
	[[ $stderr == *gnuplot-nox* ]]
	env PATH=/nonexistent "$bench" report "$results/history.jsonl" >/dev/null
	# One that fails is no page either.
	mkdir bin
	printf '#!/bin/sh\nexit 3\n' >bin/gnuplot
	chmod +x bin/gnuplot
	run -1 --separate-stderr env PATH="$PWD/bin" "$bench" report -f html "$results/history.jsonl"
	expect page "$output" ""
}

@test "each line of a figure has a colour and a shape that no other has" {
	# twice: lines of the legends that have what another of theirs has.
	twice=$(awk '/<ul class="legend">/ { figures++; split("", seen) }
		/<li><svg class="key"/ {
			match($0, /(stroke|fill)="#[0-9a-f]+"/)
			if (seen[substr($0, RSTART, RLENGTH)]++)
				print
			if (match($0, /#gpPt[0-9]+/) && seen[substr($0, RSTART, RLENGTH)]++)
				print
		}
		END { if (figures < 20) print "only " figures " figures" }' "$page")
	expect "colours or shapes twice" "$twice" ""
	# More methods than colours: pairs.
	for i in {1..30}; do
		jq -c --arg m "method$i" 'select(.method == "epoch") | .method = $m' "$results/reference/quick.jsonl"
	done >many.jsonl
	"$bench" report -f html many.jsonl >many.html
	expect pairs "$(xmllint --xpath "(//ul[@class='legend'])[1]/li/svg" many.html |
		tr -d '\n' | sed 's/<svg/\n&/g' | sed '/^$/d' | sort -u | wc -l)" 30
}

@test "captions and numbers are those of the records" {
	jq -c 'select(.n == 1000000 or .n == 1000) | if .method == "epoch" and .n == 1000000 then
		.phases.first_touch.ns |= map(7777000000) else . end' "$results/reference/quick.jsonl" >mine.jsonl
	"$bench" report -f html mine.jsonl >mine.html
	[[ $(xpath "string(//section[@id='stall']//figcaption)" mine.html) == \
		"With epoch the first stat among 1M names takes 7.78 s; "* ]]
	expect "value to sort by" "$(xpath "string(//section[@id='stall']//tr[td='epoch'][2]/td[3]/@data-value)" \
		mine.html)" 7777000000
	# A method that has nothing but one hazard, and one that has all.
	jq -c 'select(.method == "none") | .outcome = "absent", (.method = "good" | .outcome = "absent"),
		(.method = "bad" | .outcome = "present")' "$results/reference/hazards.jsonl" >two.jsonl
	"$bench" report -f html two.jsonl >two.html
	cnt=$(jq -r .hazard two.jsonl | sort -u | wc -l)
	[[ $(xpath "string(//section[@id='hazards']//figcaption)" two.html) == \
		"good has fewest of them, on any kernel: 0 of $cnt that could be tried; bad has most: $cnt of $cnt.  "* ]]
	expect "cells of good and bad" "$(xpath "//section[@id='hazards']//table[@class='grid']//td/@class" two.html |
		sort | uniq -c | tr -s ' ' | paste -sd ' ')" " $cnt class=\"bad\"  $cnt class=\"good\""
}

@test "each figure has a title, axes, a caption, a command and its numbers" {
	drawn='//figure[div[@class="plot"]]'
	for what in h3 figcaption 'p[@class="command"]' 'details//table' ul; do
		expect "figures without $what" "$(xpath "count(${drawn}[not($what)])")" 0
	done
	expect "figures whose axes have no title" \
		"$(xpath "count(//div[@class='plot'][not(.//text[string-length(.) > 4])])")" 0
}

start() { # FILE
	need_browser
	browser_start "$BATS_TEST_TMPDIR"
	page_open "$1"
}

@test "browser: no error, and nothing is wider than 360, 800 or 1400 pixels" {
	start "$page"
	for width in 360 800 1400; do
		page_at $width 900
		for open in false true; do
			page_do "document.querySelectorAll('details').forEach(one => { one.open = $open; })" >/dev/null
			expect "width of the page at $width, unfolded: $open" \
				"$(page_do 'return document.documentElement.scrollWidth')" $width
		done
	done
	expect errors "$(page_errors)" ""
	# On paper nothing can be unfolded, and all that is folded would be a book.
	page_do "document.querySelectorAll('details').forEach(one => { one.open = false; })" >/dev/null
	cdp Emulation.setEmulatedMedia '{"media": "print"}' >/dev/null
	expect "what paper can't do" "$(page_do "return [...document.querySelectorAll(
		'summary, .tools, nav')].filter(one => one.checkVisibility()).length")" 0
}

@test "browser: text and lines are seen, in light, in dark and on paper" {
	start "$page"
	page_at 1400 900
	page_do "document.querySelectorAll('details').forEach(one => { one.open = true; })" >/dev/null
	light=
	for scheme in light dark; do
		page_scheme $scheme
		seen=$(page_do "$(cat "$top/bench/test/tools/contrast.js")")
		expect "hard to see in $scheme" "$(jq -c .hard <<<"$seen")" '[]'
		[ "$(jq .texts <<<"$seen")" -gt 5000 ] && [ "$(jq .lines <<<"$seen")" -gt 100 ]
		dark=$(page_do 'return getComputedStyle(document.body).backgroundColor')
		[ $scheme = light ] || [ "$dark" != "$light" ]
		light=$dark
	done
	# Paper is white, whatever the screen is.
	cdp Emulation.setEmulatedMedia '{"media": "print", "features":
		[{"name": "prefers-color-scheme", "value": "dark"}]}' >/dev/null
	seen=$(page_do "$(cat "$top/bench/test/tools/contrast.js")")
	expect "hard to see on paper" "$(jq -c .hard <<<"$seen")" '[]'
	expect "colour of paper" "$(page_do 'return getComputedStyle(document.body).backgroundColor')" \
		'"rgb(255, 255, 255)"'
}

@test "browser: a keyboard unfolds, filters, widens and sorts" {
	"$bench" report -f html "$results/reference/daemons.jsonl" >one.html
	start "$PWD/one.html"
	tab=$'\ue004' enter=$'\ue007'
	# until_focus SELECTOR: presses tab until that has the focus.
	until_focus() {
		local i
		for i in {1..40}; do
			page_key "$tab"
			[ "$(page_do "return document.activeElement.matches('$1')")" != true ] || return 0
		done
		echo "tab never reaches $1"
		return 1
	}
	rows() { page_do "return [...document.querySelectorAll('tbody tr')].filter(row => row.checkVisibility()).map(row => row.cells[0].textContent)"; }
	columns() { page_do "return [...document.querySelectorAll('thead th')].filter(head => head.checkVisibility()).length"; }
	until_focus summary
	page_key "$enter"
	expect "columns at first" "$(columns)" 7
	[ "$(rows | jq length)" -gt 80 ]
	until_focus 'input[type=search]'
	for key in s s h f s; do page_key $key; done
	expect "rows with sshfs" "$(rows | jq 'length > 0 and all(test("sshfs"))')" true
	for key in {1..5}; do page_key $'\ue003'; done
	until_focus '.tools button'
	page_key "$enter"
	expect "columns then" "$(columns)" "$(xpath 'count(//thead//th)' one.html)"
	until_focus 'th:nth-child(2) button'
	page_key "$enter"
	values='return [...document.querySelectorAll("tbody tr")].map(row => row.cells[1].dataset.value).filter(value => value !== undefined).map(Number)'
	expect "sorted" "$(page_do "$values" | jq '. == sort and length > 50')" true
	page_key "$enter"
	expect "sorted downwards" "$(page_do "$values" | jq '. == (sort | reverse)')" true
	expect "said to who doesn't see it" \
		"$(page_do 'return document.querySelector("th:nth-child(2)").ariaSort')" '"descending"'
	expect errors "$(page_errors)" ""
}

@test "browser: a hostile record does nothing, nor would markup that got through" {
	make_hostile
	"$bench" report -f html bad.jsonl bad-insns{,2}.jsonl |
		sed 's,<main>,&<script>document.title = "bad"</script><img src="x" onerror="document.title = 1"/>,' >bad.html
	start "$PWD/bad.html"
	[[ $(page_do 'return document.title') == *"FUSE cache"* ]]
	[[ $(page_errors) == *"Content Security Policy"* ]]
}
