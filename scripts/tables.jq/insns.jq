# SPDX-License-Identifier: GPL-2.0-only
# A row per operation, a column per fuse.ko, with and without the tracer.
def where: (.fuse | split(" ")[0]) + (if .tracer == "" then "" else ", traced" end);
def what: if .phase != "notify" then .phase
	elif .method == "epoch" then "bump" else .method end;
map(select(.phase)) |
(map(where) | unique | sort_by([test("traced"),
	({stock: 0, v8: 1, shrink: 2, hardened: 3, reask: 4, "7.3/mainline": 5,
	"7.3/fixes": 6, "7.3/reask": 7}[split(",")[0]])])) as $where |
(reduce .[] as $r ([]; if index($r | what) then . else . + [$r | what] end)) as $what |
. as $all |
"",
"| operation | \($where | join(" | ")) |",
"|---|\($where | map("---:|") | join(""))",
($what[] as $one | "| \($one) | \([$where[] as $w |
	[$all[] | select(what == $one and where == $w) | .insns][0] // "-"] |
	join(" | ")) |"),
""
