# SPDX-License-Identifier: GPL-2.0-only
# Of `epochbench workload`: what is left of the throughput while one method tells.
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def percent: "\(. * 100 | round)%";
[.[] | select(.kind == "workload" and .timeline == null) |
	. + { per_s: (.op_cnt / .wall_ns * 1e9) }] as $cells |
def left($method; $scope; $rate): # of each workload, the median over its rounds
	[$cells[] | select(.method == $method and .scope == $scope and .rate_hz == $rate)] |
	group_by(.workload) | map(map(. as $c | .per_s / ($cells[] | select(.method == "none" and
		.workload == $c.workload and .round == $c.round) | .per_s)) | median);
[["epoch", "all", "epoch"], ["inval_entry", "all", "inval_entry of all names"],
	["inval_entry", "changed", "inval_entry of what changed"]] as $ways |
# Added to nothing, as jq 1.7 shows a number as it was written: 10.0.
([$cells[] | select(.rate_hz > 0) | .rate_hz + 0] | unique) as $rates |
"",
"| times a second | \($ways | map(.[2]) | join(" | ")) |",
"|---:|\($ways | map("---:|") | join(""))",
($rates[] as $rate | "| \($rate) | \([$ways[] | left(.[0]; .[1]; $rate) |
	if length == 0 then "not measured" else
		"\(median | percent) (\(min | percent) to \(max | percent))" end] | join(" | ")) |"),
"",
($cells[0] | "Left of the throughput of \([$cells[].workload] | unique | join(", ")): the median of these, the least and the most.  \(
	.tree.file_cnt) files in \(.tree.dir_cnt) directories, Linux \(.host.kernel)."),
""
