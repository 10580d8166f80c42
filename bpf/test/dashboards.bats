#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is for those on call: metrics, alerts, a dashboard and a unit.  That they work
# together is tested in guests (scripts/test/live.bats).

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	boards=$top/bpf/dashboards
	cd "$BATS_TEST_TMPDIR" || return
}

need() { # COMMAND PACKAGE
	command -v "$1" >/dev/null || skip "needs the Debian package $2"
}

@test "metrics: nothing for promtool to complain of" {
	need promtool prometheus
	"$build/test/trace_stat" --text >metrics
	run -0 promtool check metrics <metrics
	expect complaints "$output" ""
	# It does complain, of what is wrong.
	run ! promtool check metrics < <(sed 's/^# HELP fuse_epoch .*//' metrics)
	run ! promtool check metrics < <(sed 's/fuse_lookups_total/fuse_lookups/' metrics)
}

@test "alerts: they fire when they should, and not before" {
	need promtool prometheus
	run -0 promtool check rules "$boards/rules.yml"
	cp "$boards"/rules*.yml .
	run -0 promtool test rules rules.test.yml
	# Each limit is one that the tests see.
	local change
	for change in 's/le="0.1"/le="+Inf"/' 's/> 10$/> 60/' 's/ > 10$/ > 6/' \
		's/\[2m\]) > 1/[2m]) > 3/' 's/for: 3m/for: 20m/' 's/for: 3m/for: 0m/' \
		's/submounts_total\[5m\]) > 0/submounts_total[5m]) > 1/' \
		's/lost_total\[5m\]) > 0/lost_total[5m]) > 50/'; do
		sed "$change" "$boards/rules.yml" >rules.yml
		run ! cmp -s "$boards/rules.yml" rules.yml
		echo "$change"
		run ! promtool test rules rules.test.yml
	done
}

# The queries of the dashboard, with something for its variables.
queries() {
	# shellcheck disable=SC2016 # the dashboard's variables
	jq -r '.panels[].targets[]?.expr' "$boards/grafana.json" |
		sed 's/\$__rate_interval/1m/g; s/\$__range/1h/g; s/\$instance/.*/g; s/\$mountpoint/.*/g'
}

# names: the metrics in what is on stdin.
names() { grep -oE '\b(fuse|epochstat)_[a-z_]+' | sort -u; }

@test "dashboard and alerts ask for what there is" {
	need promtool prometheus
	[ "$(queries | wc -l)" -gt 15 ]
	queries | jq -Rn '{groups: [{name: "a", rules:
		[inputs | {record: "a:\(input_line_number)", expr: .}]}]}' >queries.yml
	run -0 promtool check rules queries.yml
	"$build/test/trace_stat" --text | grep -v '^#' | names >there
	{ queries; sed -n '/expr:/,/labels:/p' "$boards/rules.yml"; } | names >asked
	expect "what there isn't" "$(comm -13 there asked)" ""
	# Each family is shown somewhere, but those about the counting itself and details.
	sed -E 's/_(bucket|sum|count)$//' there | sort -u >families
	sed -E 's/_(bucket|sum|count)$//' asked | sort -u >shown
	expect "what isn't shown" "$(comm -23 families shown | paste -sd ' ')" \
		"epochstat_build_info fuse_dentries_freed_total fuse_dentries_torn_total fuse_dentry_epochs_behind_total fuse_dentry_rcu_retries_total fuse_dentry_revalidate_seconds fuse_dentry_revalidations_unassigned_total fuse_epoch fuse_notifications_in_progress"
}

@test "dashboard: each panel says what it shows, and none lies on another" {
	jq -e '[.panels[] | select(.type != "row")] | length > 10 and all(
		.title != "" and .description != "" and .fieldConfig.defaults.unit != null
		and .datasource.uid == "${datasource}")' "$boards/grafana.json"
	jq -e '[.panels[].id] | length == (unique | length)' "$boards/grafana.json"
	jq -e '[.panels[].gridPos | range(.x; .x + .w) as $x | range(.y; .y + .h) as $y |
		[$x, $y]] | length == (unique | length) and all(.[0] < 24)' "$boards/grafana.json"
}

# The unit, as it is installed.
unit() { sed 's,@sbindir@,/usr/bin,; s,/epochstat ,/env ,' "$boards/epochstat.service"; }

@test "unit: systemd understands it, and finds it hardened" {
	need systemd-analyze systemd
	unit >epochstat.service
	run -0 systemd-analyze verify --man=no ./epochstat.service
	expect complaints "$output" ""
	run -0 systemd-analyze security --offline=true --threshold=25 ./epochstat.service
	# What the filter takes away must not be what it needs: the last word counts.
	expect "the last" "$(sed -n 's/^SystemCallFilter=//p' epochstat.service | tail -n 1)" bpf
}
