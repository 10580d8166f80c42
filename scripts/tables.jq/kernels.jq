# SPDX-License-Identifier: GPL-2.0-only
# A row per operation, a column per kernel; the newest against the oldest.
(reduce .[].host.kernel as $k ([]; if index($k) then . else . + [$k] end)) as $kernels |
[.[] | select(.exit == 0) | . as $r | .phases | to_entries[] |
	select(.key | IN("umount", "reclaim") | not) |
	{ kernel: $r.host.kernel, insns: (.value.insns | map(values) | min),
	  what: (if .key == "notify" then "`\($r.method)`, one message" else
		.key | gsub("_"; " ") end) } | select(.insns)] as $all |
(reduce $all[].what as $w ([]; if index($w) then . else . + [$w] end)) as $whats |
"",
"| operation | \($kernels | map(split("+")[0]) | join(" | ")) | change |",
"|---|\($kernels | map("---:|") | join(""))---:|",
($whats[] as $w | [$kernels[] as $k | [$all[] | select(.what == $w and .kernel == $k).insns][0]] |
	"| \($w) | \(map(. // "-") | join(" | ")) | \(map(values) |
		(.[-1] / .[0] * 1000 - 1000 | round / 10) |
		if . > 0 then "+\(.)" else tostring end)% |"),
""
