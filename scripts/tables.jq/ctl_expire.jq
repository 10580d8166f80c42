# SPDX-License-Identifier: GPL-2.0-only
# What expire of a whole mount costs beside a bump; medians of interleaved turns.
def median: sort | .[length / 2 | floor];
def ms: if . < 10 then . * 1000 | round / 1000 else round end | "\(.) ms";
"",
"| command | names | turns | the command | its messages | a stat of each name after it |",
"|---|---:|---:|---:|---:|---:|",
(.[] | "| `\(.command)` | \(.names) | \(.walk_ms | length) | \(.command_ms | median | ms) | \(
	.notify_ns | median / 1e6 | ms) | \(.walk_ms | median | ms) |"),
"",
"By \(map(.bench) | unique | join(", ")), Linux \(.[0].kernel), load \(map(.load1) | unique | map(tostring) | join(" and ")).",
""
