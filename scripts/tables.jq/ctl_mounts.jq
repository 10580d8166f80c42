# SPDX-License-Identifier: GPL-2.0-only
# How much CPU time epochctl takes among many mounts; the first build is the newest.
def median: sort | .[length / 2 | floor];
. as $all |
"",
"| command | build | connections | namespaces | mounts | runs | CPU: median | longest | in the kernel: median | ratio |",
"|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
(.[] | .command as $command | (.user_ms | median) as $user |
	([$all[] | select(.command == $command)][0].user_ms | median) as $first |
	"| `\(.command)` | \(.bench) | \(.connections) | \(.namespaces) | \(.mounts) | \(
	.user_ms | length) | \($user) ms | \(.user_ms | max) ms | \(.sys_ms | median) ms | \(
	if $first > 0 then "\($user / $first * 10 | round / 10)x" else "-" end) |"),
""
