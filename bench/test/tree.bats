#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The source tree itself: warnings, style of the scripts, licenses, tables.

load lib.bash

# builds COMPILER OPTION...: everything, tests too, warnings are errors.
builds() {
	local cc=$1
	shift
	command -v "$cc" >/dev/null || skip "no $cc here"
	make -C "$top" -j2 BUILD="$BATS_TEST_TMPDIR/build" CC="$cc" \
		CFLAGS="-Werror $*" SANITIZE=0 tests
}

files() {
	cd "$top" || return
	git ls-files 2>/dev/null | grep . || find . -path ./build -prune -o \
		-path ./.git -prune -o -type f -print
}

# make check itself has built all with the warnings of the default compiler as
# errors, in a fresh clone at least.
@test "gcc builds all without a warning" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	builds gcc -O2
}

@test "clang builds all without a warning" {
	builds clang -O0 # it sees no more when it optimises, and is slower
}

@test "plain make installs nothing and writes into build/ only" {
	cd "$top"
	run make -n all
	[[ $output != *setup* ]]
	[[ $output != *apt* ]]
}

@test "shellcheck finds nothing in the scripts" {
	command -v shellcheck >/dev/null || skip "no shellcheck here"
	cd "$top"
	# Whatever says that it is a script.
	git ls-files | xargs grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
		xargs shellcheck -x
	shellcheck bench/test/lib.bash
	# What bats does to its files looks wrong to it in small ways only.
	git ls-files '*.bats' | xargs shellcheck -S warning -e SC2154,SC2164
}

@test "each file names its license" {
	local file missing=
	while read -r file; do
		case $file in
		LICENSE | *.jsonl | *.svg | *.tap | *.patch | bench/test/fuzz/seeds/*) continue ;;
		esac
		head -n 3 "$top/$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' ||
			missing="$missing $file"
	done < <(files)
	expect missing "$missing" ""
}

# long_lines FILE...: FILE:LINE of Markdown over 100 columns.  Tables, code, what
# scripts/tables makes, and addresses can't be wrapped.
long_lines() {
	awk '
		FNR == 1 { code = made = 0 }
		/^<!-- [a-z_]+: results\// { made = 1 }
		/^<!-- \/table -->$/ { made = 0 }
		/^ *```/ { code = !code }
		code || made || /^ *\|/ || /^ *\[[^]]*\]: / { next }
		{ gsub(/https?:\/\/[^ )>]+|\]\([^)]*\)/, "") }
		length($0) > 100 { print FILENAME ":" FNR }' "$@"
}

@test "no line of Markdown is over 100 columns" {
	local long planted=$BATS_TEST_TMPDIR/planted.md
	long=$(printf 'x%.0s' {1..101})
	printf '%s\n' "| $long |" '```' "$long" '```' '<!-- table: results/x -->' \
		"$long" '<!-- /table -->' "[a link](https://x.org/$long)" "[a]: $long" \
		"${long%x}" >"$planted"
	expect "what can't be wrapped" "$(long_lines "$planted")" ""
	printf '%s\n' "$long" "- $long" >"$planted"
	expect "planted" "$(long_lines "$planted")" "$planted:1"$'\n'"$planted:2"
	cd "$top"
	local file
	while read -r file; do
		expect "too long" "$(long_lines "$file")" ""
	done < <(files | grep '\.md$')
}

@test "setup --list names each package, and installs nothing" {
	run "$top/scripts/setup" --list
	[ "$status" = 0 ]
	[[ $output == *libfuse3-dev* ]]
	run "$top/scripts/setup" --frob
	[ "$status" = 2 ]
}

@test "the first page fits: no table over 100 columns, a picture of the same records" {
	expect "too wide" "$(sed -n 's/]([^)]*)/]/g; /^|/p' "$top/README.md" | awk 'length > 100')" ""
	"$top/scripts/cost-figure" --check "$top/results/reference/invalidate-1M.jsonl"
	cp "$top"/results/reference/invalidate-1M.{jsonl,svg} "$BATS_TEST_TMPDIR"
	sed -i 's/^epoch\t0\t/epoch\t1\t/' "$BATS_TEST_TMPDIR/invalidate-1M.svg"
	run "$top/scripts/cost-figure" --check "$BATS_TEST_TMPDIR/invalidate-1M.jsonl"
	[ "$status" = 1 ]
	[[ $output == *"isn't what its records say"* ]]
	run "$top/scripts/cost-figure" "$top/results/reference/notify.jsonl"
	[ "$status" = 2 ]
}

@test "the long pages of results begin with what is on them, by links that lead there" {
	local page
	for page in README STUDY; do
		# As GitHub names a heading.
		sed -n 's/^## //p' "$top/results/$page.md" | while read -r heading; do
			printf -- '- [%s](#%s)\n' "$heading" \
				"$(tr -d '\140,().:/?' <<<"${heading,,}" | tr ' ' -)"
		done >"$BATS_TEST_TMPDIR/wanted"
		grep '^- \[.*](#' "$top/results/$page.md" | diff - "$BATS_TEST_TMPDIR/wanted"
	done
}

@test "no table of the study is over 100 columns wide, or seven" {
	# ± and the space before a unit are one column each, whatever awk says.
	expect "too wide" "$(LC_ALL=C.UTF-8 grep -E '^\|.{100}|^\|([^|]*\|){8}' "$top/results/STUDY.md")" ""
}

@test "how long make workload takes: all texts say the same" {
	local text
	for text in "$("$bench" workload --help)" "$(cat "$top/scripts/workload")" \
		"$(cat "$top/README.md")"; do
		[[ ${text//$'\n'/ } == *"twenty minutes"* ]]
	done
	grep -q '^workload: .* 20 minutes$' "$top/Makefile"
}

@test "the tables in the texts are those of the records" {
	"$top/scripts/tables" --check
}

# jq: the phases of epoch in each variant, by its name.
of_variants='[.[] | select(.method == "epoch")] |
	map({(.host.fuse | split(" ")[0]): .phases}) | add | '

@test "each committed record is read without complaint" {
	local file
	for file in "$top"/results/reference/*.jsonl; do
		case $file in
		*/selftests.jsonl | */selftests-mainline.jsonl) # of another kind
			jq -e -s 'all(.schema == 1 and .boots > 0 and
				(.outcome | IN("pass", "fail", "skip")))' "$file" >/dev/null
			;;
		*/trace-cost.jsonl)
			jq -e -s 'all(.schema == 1 and .hit_insns > 0 and .miss_insns > 0)' \
				"$file" >/dev/null
			;;
		*/ctl-mounts.jsonl) # the first build is ours: at most half a second
			jq -e -s '.[0].bench as $ours | length > 3 and all(.schema == 1 and
				(.user_ms | length > 8) and
				(.bench != $ours or (.user_ms | max) <= 500))' "$file" >/dev/null
			;;
		*/growth.jsonl) # nothing grows more than linear: time of n log n does by 1.1
			jq -rs -f "$top/scripts/tables.jq/growth.jq" "$file" | jq -eR -n '[inputs |
				select(startswith("| `")) | split(" | ")[3, 5] | tonumber] |
				length >= 14 and max <= 1.15' >/dev/null
			"$top/scripts/growth-figure" --check "$file"
			;;
		*/ctl-expire.jsonl)
			jq -e -s 'all(.schema == 1 and
				((.walk_ms | length) > (if .names < 1000000 then 4 else 0 end)))' \
				"$file" >/dev/null
			;;
		*/catalogue.jsonl) # overlays refuse after a bump only, until there is a new one
			jq -e -s 'length > 2 and all(.schema == "catalogue/1" and
				(.anew_refused_cnt + .below_old_cnt | max) == 0 and (.refused_cnt | min) ==
				(if .command == "bump" then .names * .containers else 0 end))' "$file" >/dev/null
			;;
		*/names-few.jsonl) # for the daemon from the second name on; all in all later, or never
			"$bench" report "$file" >/dev/null
			jq -e -s 'map({"\(.n) \(.method)": .phases}) | add |
				.["2 epoch"].notify.insns[0] < .["2 expire_entry"].notify.insns[0] and
				.["10 epoch"].total.insns[0] > .["10 inval_entry"].total.insns[0] and
				.["1000 epoch"].total.insns[0] < .["1000 inval_entry"].total.insns[0]' \
				"$file" >/dev/null
			;;
		*/examples.jsonl) # what expires isn't torn down
			jq -e -s 'length > 15 and all(.schema == "examples/1" and
				(.errno == 95 or (.errno == 0 and .seen)) and
				(.message == "expire" and .looks_deleted | not))' "$file" >/dev/null
			;;
		*/ctl-speed.jsonl)
			jq -e -s 'all(.schema == 1 and (.bump_us | length > 8))' "$file" >/dev/null
			;;
		*/insns-alarms.jsonl)
			jq -e -s 'all(.schema == 1 and .runs > 0 and .alarms == 0)' "$file" >/dev/null
			;;
		*/compare-*.jsonl) # what compare was proved by
			jq -e -s 'all(.schema == 1 and
				(.what | IN("alarms", "found", "spread", "order", "ends", "real")))' \
				"$file" >/dev/null
			;;
		*/insns-emulators.jsonl) # a hit takes the same by either
			jq -e -s '.[0].moved == [] and ([.[] | select(.phase == "hit") |
				.insns[0] == .insns[1]] | length > 1 and all)' "$file" >/dev/null
			;;
		*/mainline-operations.jsonl) # of a kernel that we have no stock of
			jq -e -s '.[0].schema == "insns/1" and .[0].measurements == length - 1 and
				all(.[1:][]; .insns > 0)' "$file" >/dev/null
			;;
		*/debian13.jsonl) "$bench" gate "$file" "$file" >/dev/null ;;
		*/reask-operations.jsonl) # a hit, a stale name, the first touch
			"$bench" gate "$file" "$file" >/dev/null
			jq -e -s 'map(select(.fuse) | {"\(.fuse | split(" ")[0]) \(.phase)": .insns}) |
				add | .["reask hit"] <= .["hardened hit"] + 2 and
				.["reask stale"] <= 0.75 * .["hardened stale"] and
				.["reask first_touch"] * 25 <= .["hardened first_touch"]' "$file" >/dev/null
			;;
		*/reask-insns.jsonl) # the first touch, all of it, and what is forgotten
			"$bench" report "$file" >/dev/null
			jq -e -s '[.[] | select(.host.fuse | startswith("reask")) |
				{(.method): .phases.total.insns[0]}] | add |
				.epoch <= 0.97 * .expire_entry' "$file" >/dev/null
			jq -e -s "$of_variants"'.reask.first_touch.insns[0] * 1000 <=
				.hardened.first_touch.insns[0] and
				.reask.total.insns[0] <= 0.8 * .hardened.total.insns[0] and
				(.reask.total.ops | has("FORGET") | not)' "$file" >/dev/null
			;;
		*/reask-1M.jsonl) # the first touch, and what it forgets
			"$bench" report "$file" >/dev/null
			jq -e -s "$of_variants"'.reask.first_touch.insns[0] * 1000 <=
				.hardened.first_touch.insns[0] and
				(.reask.first_touch.ops | has("FORGET") | not)' "$file" >/dev/null
			;;
		*/reask-list.jsonl) # few requests; the listing, and what is forgotten
			"$bench" report "$file" >/dev/null
			jq -e -s '.[0].n as $n | '"$of_variants"'.reask.total.ops as $ops |
				([$ops[][0]] | add) <= 0.1 * $n and ($ops | has("FORGET") | not) and
				.reask.list.insns[0] <= 0.4 * .hardened.list.insns[0]' "$file" >/dev/null
			;;
		*/fuzz.jsonl)
			jq -e -s 'all(.schema == "fuzz/1" and .execution_cnt > 0 and (.failed | not))' \
				"$file" >/dev/null
			;;
		*/torture.jsonl) # nothing is left, whatever was killed
			jq -e -s '.[0].schema == "torture/1" and
				(map(select(.kind == "kill")) | length >= 500 and
				all(.left == "" and .next == 0))' "$file" >/dev/null
			;;
		*/torture-faults.jsonl)
			jq -e -s '.[0].schema == "torture/1" and length > 30 and
				(.[1:] | all(.kind == "fault" and .left == ""))' "$file" >/dev/null
			;;
		*/workload-wrong*.jsonl) # who asks again, or only expires, does nothing wrong
			"$bench" report "$file" >/dev/null
			jq -e -s 'def wrong: [.[] | .wrong.cnt, .oracle.renumbered_cnt,
					.oracle.overlay_wrong_cnt, .oracle.getcwd_failed_cnt] | add;
				def right: .method == "none" or .method == "expire_entry" or
					(.method == "epoch" and (.host.fuse | startswith("reask")));
				(map(select(right)) | length > 5 and wrong == 0) and
				(map(select(right | not)) | length > 5 and wrong > 100)' "$file" >/dev/null
			;;
		*/daemons.jsonl) # each row of ours, and most of them measured
			jq -e -s --arg rows "$(ls "$top/scripts/daemons.d")" 'all(.schema == "daemons/1") and
				(map(.name) | unique) == ($rows | split("\n") | sort) and
				(map(select(.why == null)) | length > 50)' "$file" >/dev/null
			;;
		*/hazards.jsonl) # our own kernels have all that a probe needs
			"$bench" hazards "$file" >/dev/null
			[ "$(grep -c -- '-fuse-epoch".*in this kernel' "$file")" = 0 ]
			;;
		*) "$bench" report "$file" >/dev/null ;;
		esac
	done
	for file in "$top"/results/baseline/*.jsonl; do
		"$bench" gate --exact "$file" "$file" >/dev/null
	done
}
