# SPDX-License-Identifier: GPL-2.0-only
# For gnuplot, a block per operation: the kernel's number, its version, instructions,
# and these in % of the oldest kernel that has it.
(reduce .[1:][].kernel as $k ([]; if index($k) then . else . + [$k] end)) as $kernels |
[.[1:][] | select(.phase | IN("umount", "reclaim") | not) |
	{ kernel, insns, what: (if .phase == "notify" then .method else .phase end) }] |
group_by(.what)[] | sort_by(.kernel as $k | $kernels | index($k)) |
.[0].insns as $first |
"\"\(.[0].what)\"", (.[] | .kernel as $k |
	"\($kernels | index($k)) \($k | split("+")[0]) \(.insns) \(.insns / $first * 100)"),
"", ""
