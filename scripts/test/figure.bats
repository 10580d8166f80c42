#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/workload-figure: what a stranger's records are called is drawn, at most.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	[ -x "$bench" ] || skip "needs epochbench"
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin here
	# It keeps what gnuplot is told, and draws nothing.
	cat >bin/gnuplot <<-SH
		#!/bin/sh
		cat "\$2" >"$PWD/told"
		echo '<svg>' >figure.svg
	SH
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH
}

# In place of epochbench, which checks what it reads: its report, changed by that.
report() { # JQ_PROGRAM
	mkdir -p build
	"$bench" report -f json "$top/results/reference/workload.jsonl" | jq "$1" >report.json
	printf '#!/bin/sh\nexec cat %s/report.json\n' "$PWD" >build/epochbench
	chmod +x build/epochbench
	: >here/r.jsonl
}

@test "no name is in what gnuplot is told, nor that of a file" {
	cp "$top/results/reference/workload.jsonl" here/
	run -0 "$top/scripts/workload-figure" here/workload.jsonl
	local name
	for name in $(jq -r '.workload, .method' here/workload.jsonl | sort -u); do
		run ! grep -wF -e "$name" <(sed '/^\t*#/d; s/"[a-z]*"//g' told)
	done
	cmp here/workload-rates.tsv "$top/results/reference/workload-rates.tsv"
	cmp here/workload-dip.tsv "$top/results/reference/workload-dip.tsv"
}

@test "a name that could be more than a name is refused, and runs nowhere" {
	local evil cnt=0
	local where=('(.[] | select(.workload) | .workload)' '(.[].rows[]?.method)' '(.[].series[]?.method)')
	for evil in 'x"; touch pwned; echo "' '`touch pwned`' "'.system('touch pwned').'" '$(touch pwned)' \
		'a b' 'a/../../pwned' $'a\tb' $'a\nb' '-x y' $'\e[31m' $'\u202e' ''; do
		export EVIL=$evil
		report "${where[cnt++ % 3]} |= env.EVIL"
		BUILD=$PWD/build run -2 "$top/scripts/workload-figure" here/r.jsonl
		[[ $output == *"has a name of other characters"* || $output == *"one run of epochbench"* ]]
	done
	report '(.[].rows[]?.rate_hz) |= "system(\"touch pwned\")"'
	BUILD=$PWD/build run "$top/scripts/workload-figure" here/r.jsonl
	run ! grep -F pwned told
	[ -z "$(find . /tmp -maxdepth 2 -name pwned)" ]
}

@test "folders and files of any name; outputs stay what they are" {
	local odd="here/it's, a [x] * \"y\""
	mkdir "$odd"
	cp "$top/results/reference/workload.jsonl" "$odd/-x y.jsonl"
	ln -s there.svg "$odd/-x y.svg"
	(cd "$odd" && run -0 "$top/scripts/workload-figure" -- "-x y.jsonl")
	[ -L "$odd/-x y.svg" ] && [ -s "$odd/there.svg" ]
	[ "$(ls -A "$odd" | wc -l)" = 5 ]
}

@test "what a guest has said is text in a table, and commands nothing" {
	mkdir -p tree/{scripts,build,results/reference}
	cp -r "$top"/scripts/{tables,tables.jq,lib-*.sh} tree/scripts
	cp bin/gnuplot tree/build/epochbench
	printf '%s\n' '<!-- selftests: results/reference/mine.jsonl -->' '<!-- /table -->' >tree/README.md
	jq -cn '{test: "a|b", kernel: "k`x`\u001b[31m", outcome: "skip",
		reason: "<script>\u202e\nnot | [here](x)"}' >tree/results/reference/mine.jsonl
	run -0 tree/scripts/tables
	grep -F '| `a\|b` | - |' tree/README.md
	grep -F 'k\`x\`?\[31m' tree/README.md
	grep -F -- '- not run: \<script>??not \| \[here](x)' tree/README.md
}
