# SPDX-License-Identifier: GPL-2.0-only
# A row per operation, a column per kernel; the newest against the oldest.
(reduce .[1:][].kernel as $k ([]; if index($k) then . else . + [$k] end)) as $kernels |
[.[1:][] | select(.phase | IN("umount", "reclaim") | not) |
	{ kernel, insns, spread: .spread_insns,
	  what: (if .phase == "notify" then "`\(.method)`, one message" else
		.phase | gsub("_"; " ") end) }] as $all |
(reduce $all[].what as $w ([]; if index($w) then . else . + [$w] end) |
	sort_by(startswith("`"))) as $whats |
def cell: if . == null then "-" elif .spread == 0 then "\(.insns)" else
	"\(.insns) (\(.spread))" end;
"",
"| operation | \($kernels | map(split("+")[0]) | join(" | ")) | change |",
"|---|\($kernels | map("---:|") | join(""))---:|",
($whats[] as $w | [$kernels[] as $k |
		[$all[] | select(.what == $w and .kernel == $k)][0]] |
	"| \($w) | \(map(cell) | join(" | ")) | \(map(values | .insns) |
		(.[-1] / .[0] * 1000 - 1000 | round / 10) |
		if . > 0 then "+\(.)" else tostring end)% |"),
""
