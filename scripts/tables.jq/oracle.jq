# SPDX-License-Identifier: GPL-2.0-only
# What the oracle takes: throughput with it against without it in the same round,
# and the CPU time that it and its requests take.
def quantile($q): sort | .[(length - 1) * $q | floor];
def pct: "\(. * 1000 | round / 10)%";
map(select(.method != "none")) |
map(select(.oracle.off)) as $off |
# + 0: jq 1.7 prints 10.0 where that is in the record, if nothing is done with it.
[.[] | select(.oracle.off | not) | . as $on |
	($off[] | select(.workload == $on.workload and .method == $on.method and
		.rate_hz == $on.rate_hz and .round == $on.round)) as $without |
	{workload, method, rate_hz: ($on.rate_hz + 0), cpu: .oracle.cost_part,
		kept: (($on.op_cnt / $on.wall_ns) / ($without.op_cnt / $without.wall_ns))}] |
"",
"| workload | method | rate | rounds | throughput, of that without the oracle | quartiles | its CPU time, at most |",
"|---|---|---:|---:|---:|---:|---:|",
((group_by([.workload, .method, .rate_hz])[], .) |
	(if (map([.workload, .method]) | unique | length) == 1 then
		"\(.[0].workload) | \(.[0].method) | \(.[0].rate_hz)" else "all | all | " end) as $what |
	"| \($what) | \(length) | \(map(.kept) | quantile(0.5) | pct) | \(
	map(.kept) | quantile(0.25) | pct) to \(map(.kept) | quantile(0.75) | pct) | \(
	map(.cpu) | max | pct) |"),
""
