# SPDX-License-Identifier: GPL-2.0-only
# How time and memory of each tool grow with its input.
def median: sort | .[length / 2 | floor];
def digits($n): . * $n | round / $n;
# The kernel's as well; less than a millisecond isn't told.
def ms: [([.user_ms, .sys_ms] | transpose | map(add) | median), 1] | max;
def mib: .rss_kib | median / 1024;
# Least squares, of logarithms: the power of the input by which it grows.
def slope(f): map([(.n | log), (f | log)]) | length as $cnt |
	(map(.[0]) | add / $cnt) as $x | (map(.[1]) | add / $cnt) as $y |
	(map((.[0] - $x) * (.[1] - $y)) | add) / (map((.[0] - $x) | . * .) | add);
# The last record of each tool and number counts.
group_by([.tool, .unit]) | map(group_by(.n) | map(last)) as $all |
"",
"| tool | input | CPU time | slope | memory | slope | the most at |",
"|---|---|---:|---:|---:|---:|---:|",
($all[] | last as $most |
	"| `\(.[0].tool)` | \(map(.n) | join(", ")) \(.[0].unit) | \(
	map(ms) | join(", ")) ms | \(slope(ms) | digits(100)) | \(
	map(mib | digits(10)) | join(", ")) MiB | \(slope(mib) | digits(100)) | \(
	if $most.input_bytes > 0 then
		"\($most.input_bytes / 1000 / ($most | ms) | digits(10)) MB/s" else "-" end) |"),
"",
($all | flatten | "Medians of \(map(.user_ms | length) | min) runs, load \(map(.load1) |
	"\(min) to \(max)").  By \(map(.bench) | unique | join(", ")), Linux \(.[0].kernel), \(
	.[0].cpu_cnt) CPUs, \(.[0].cpu_model)."),
""
