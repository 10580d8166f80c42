# SPDX-License-Identifier: GPL-2.0-only
# How long epochctl bump takes, by how its file system is to be found.
def ms: "\(. / 10 | round / 100) ms";
def median: sort | .[length / 2 | floor];
"",
"| the file system | the others | processes | runs | first | least | median | longest | starting `true` |",
"|---|---|---:|---:|---:|---:|---:|---:|---:|",
(.[] | (.how | index("after")) as $after |
	"| \(if .how | index("foreground") then "in the foreground, of the shell that bumps" else "a daemon" end)\(
	if $after then ", started last" else ", started first" end) | \(
	if .how | index("daemons") then "daemons" else "of a shell" end) | \(.processes) | \(
	.bump_us | length) | \(.bump_us[0] | ms) | \(.bump_us | min | ms) | \(
	.bump_us | median | ms) | \(.bump_us | max | ms) | \(.true_us | ms) |"),
""
