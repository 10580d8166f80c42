# SPDX-License-Identifier: GPL-2.0-only
# Of torture/1: how many kills each target got, and what was left afterwards.
def cnt($of; f): [$of[] | select(f)] | length;
[.[] | select(.kind == "host")] as $hosts |
[.[] | select(.kind == "kill")] as $kills |
"",
"\($kills | length) kills by \($hosts | map(.bench) | unique | join(" and ")), Linux \($hosts[0].kernel), \($hosts[0].cpus) CPUs, load \($hosts | map(.load1 | tostring) | join(" and ")) at the beginning.",
"",
"| target | kills | TERM | INT | HUP | PIPE | KILL | longest until the last process had ended | next start failed | something left |",
"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
($kills | group_by(.target)[] | . as $of |
	"| \(.[0].target) | \(length) | \(["TERM", "INT", "HUP", "PIPE", "KILL"] | map(. as $s | cnt($of; .signal == $s)) | join(" | ")) | \(
	map(.end_ms) | max / 1000) s | \(cnt($of; .next != 0)) | \(cnt($of; .left != "")) |"),
""
