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
	line 6.1 epoch A x | head -c 100 >cut
	run "$bench" hazards cut
	expect status "$status" 2
	[[ $output == *"cut:1: the record is cut off"* ]]
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
