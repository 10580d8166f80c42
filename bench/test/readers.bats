#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What others wrote: endless, cut off, huge, or made to be taken for a command.
# Needs neither root nor a mount.

load lib.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# line KERNEL METHOD PROBE DETAIL: a record.
line() {
	jq -cn --arg k "$1" --arg m "$2" --arg p "$3" --arg d "$4" '{schema: "hazards/1",
		kernel: $k, fuse: "", virt: "kvm", hazard: "submount", method: $m,
		probe: $p, outcome: "present", detail: $d, reproduce: "x"}'
}

@test "hazards: what a stranger wrote is refused, or shown as it is" {
	line 6.1 epoch A $'\e[31mred' >escape
	run "$bench" hazards escape
	expect status "$status" 2
	[[ $output == *'escape:1: "detail" must not hold control characters'* ]]
	line "$(printf '%0200d' 1)" epoch A x >long
	run "$bench" hazards long
	expect status "$status" 2
	[[ $output == *'long:1: "kernel" is longer than 95 bytes'* ]]
	# All that Markdown and HTML would take for markup.
	line '6.1`<b>' epoch 'A|B' '<script>|[x](y)' >markup
	"$bench" hazards -f markdown markup >page
	grep -qF '| A\|B |' page
	grep -qF '\<script>\|\[x](y)' page
	grep -qF -- '- 6.1\`\<b>: Linux' page
	if grep -E '(^|[^\])<(script|b)' page; then return 1; fi
	line 6.1 epoch A x | head -c 100 >short
	run "$bench" hazards short
	expect status "$status" 2
	[[ $output == *"short:1: the record is cut off"* ]]
	run "$bench" hazards /dev/zero
	expect status "$status" 2
}

@test "hazards: many records take time that is linear in them" {
	line 6.KERNEL epoch pPROBE x | awk '{
		for (i = 0; i < 8000; i++) {
			text = $0
			sub(/KERNEL/, i, text)
			sub(/PROBE/, i % 60, text)
			sub(/"x"/, "\"x" i "\"", text)
			print text
		}
	}' >many
	expect lines "$(wc -l <many)" 8000
	# A few seconds; by the square it would be hours.
	timeout 60 "$bench" hazards -f json many | jq length | grep -qx 8000
	timeout 60 "$bench" hazards -f markdown many | grep -c '^| epoch' | grep -qx 8001
	line 6.KERNEL epoch pPROBE x | awk '{
		for (i = 0; i < 65; i++) {
			text = $0
			sub(/PROBE/, i, text)
			print text
		}
	}' >wide
	run "$bench" hazards wide
	expect status "$status" 2
	[[ $output == *"wide:65: more than 64 probes of the hazard 'submount'"* ]]
}

# refused FILE TEXT COMMAND...: status 2, and what is wrong, without what it quotes.
refused() {
	local text=$2
	run timeout 20 "$bench" "${@:3}" "$1"
	echo "$output"
	expect status "$status" 2
	[[ $output == *"$text"* ]]
	if LC_ALL=C grep -q $'[\001-\011\013-\037\177]' <<<"$output"; then return 1; fi
}

@test "records: what a stranger wrote is refused, or shown as it is" {
	local quick=$top/results/reference/quick.jsonl command
	changed() { head -n 1 "$quick" | jq -c "$1" >changed; }
	for command in report compare merge; do
		changed '.method = "a\u009b2J"'
		refused changed '"method" must not hold control characters' $command
		changed '.host.name = "a\u2066b"'
		refused changed '"host.name" must not hold control characters' $command
		changed '.why = 200 * "x"'
		refused changed '"why" is longer than 199 bytes' $command
		changed '.samples = 100000000'
		refused changed 'more than 10000000 samples' $command
		refused /dev/zero 'more than 64 MiB' $command
		refused . '' $command
		refused /proc/self/mem 'Input/output error' $command
		head -c -1 "$quick" >short
		refused short 'the record is cut off' $command
		printf '{"\033[2J' >short
		refused short 'short:1: ' $command
	done
	: >$'a\e[2J'
	refused $'a\e[2J' 'no records' report
	refused $'a\e[2J' 'no records' compare
	changed '.method = "a|b`<i>" | .exit = 1 | .why = "[x](y) <script>"'
	"$bench" report -f markdown changed >page
	grep -qF '| a\|b\`\<i> | FAILED: \[x](y) \<script> |' page
}

@test "records: many of them take time that is near to linear" {
	head -n 1 "$top/results/reference/quick.jsonl" | jq -c '.method = "mNR"' | awk '{
		for (i = 0; i < 6000; i++) {
			line = $0
			sub(/mNR/, "m" i, line)
			print line
		}
	}' >many
	timeout 30 "$bench" report many >page
	expect rows "$(grep -c '^m[0-9]' page)" 6000
	timeout 30 "$bench" report --trend many >page
	timeout 30 "$bench" merge -o merged many
	expect lines "$(wc -l <merged)" 6000
}

@test "profiles: none is made of damaged files" {
	printf '%s\n' 'ffffffff81000000 T first' >symbols
	refused symbols 'run.jsonl: No such file' profile run.jsonl raw
	: >empty
	refused empty 'empty: there is nothing in it' profile /dev/null /dev/null
	refused symbols '/dev/zero: more than 64 MiB' profile /dev/null /dev/zero
	mkfifo fifo
	printf '1000-2000 r-xp 0 00:00 1 %s/fifo\n' "$PWD" >mapped
	refused mapped 'not a regular file' profile /dev/null /dev/null
}
