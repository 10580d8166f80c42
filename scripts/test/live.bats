#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# In a guest, a real Prometheus scrapes epochstat, which has the rights of its unit and no
# others, while a daemon bumps.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	boards=$top/bpf/dashboards
	cd "$BATS_TEST_TMPDIR" || return
}

# live CAPABILITIES OPTION of scripts/vm...: what live.guest says there.
live() {
	local caps=$1 program
	shift
	for program in prometheus bindfs setpriv; do
		command -v $program >/dev/null ||
			skip "needs the Debian package ${program/setpriv/util-linux}"
	done
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	mkdir tools
	cp "$build/epochstat" "$build/epochctl" "$BATS_TEST_DIRNAME/live.guest" tools
	# How long 3000 names take depends on the machine; more than a millisecond.
	sed 's/le="0.1"/le="0.001"/' "$boards/rules.yml" >tools/rules.yml
	run "$top/scripts/vm" "$@" --mem 3G --with tools --with "$(type -p prometheus)" \
		--with "$(type -p bindfs)" --with "$(type -p setpriv)" -- \
		sh tools/live.guest "$caps" "$(type -p setpriv)"
	echo "$output"
	[ "$status" != 77 ] || skip "no guest here"
	[ "$status" = 0 ]
	[[ $output == *"without a bump: "'{"status":"success","data":{"resultType":"vector","result":[]}}'* ]]
	[[ $output == *"after a bump: "*'"alertname":"FuseCascade"'* ]]
	expect "other alerts" "$(grep -oE '"alertname":"[A-Za-z]*"' <<<"$output" | sort -u)" \
		'"alertname":"FuseCascade"'
	[[ $output == *"scrapes that failed: 0"* ]]
	[[ $output == *"dentries that died: 3000"* ]]
	run -0 promtool check metrics <tools/metrics
	expect complaints "$output" ""
}

# +bpf,+perfmon,...: the capabilities of the unit.
caps() {
	sed -n 's/^CapabilityBoundingSet=//p' "$boards/epochstat.service" |
		tr '[:upper:] ' '[:lower:],' | sed 's/cap_/+/g'
}

@test "in a guest: an alert fires on a bump, none without; slow clients keep no scrape out" {
	# Our own kernel has fuse as a module, for which it needs more, as the unit says.
	live "$(caps),+sys_admin" --fuse v8
}

@test "the same on a kernel of Debian's, with the rights of the unit and no others" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	live "$(caps)" --kernel debian:7.3
}
