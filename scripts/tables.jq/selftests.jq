# SPDX-License-Identifier: GPL-2.0-only
# A row per test, a column per kernel, then why some are skipped.
def where: .variant // (.kernel | split("+")[0]);
map(select(.test != "guest")) |
(reduce .[] as $r ([]; if index($r | where) then . else . + [$r | where] end)) as $kernels |
(reduce .[] as $r ([]; if index($r.test) then . else . + [$r.test] end)) as $tests |
. as $all |
"",
"| test | \($kernels | join(" | ")) |",
"|---|\($kernels | map("---|") | join(""))",
($tests[] as $test | "| `\($test)` | \([$kernels[] as $kernel |
	([$all[] | select(.test == $test and where == $kernel)][0]) |
	if . == null then ""
	elif .outcome == "fail" then "**red**"
	elif .outcome == "skip" then "-" else "ok" end] | join(" | ")) |"),
"",
(map(select(.outcome == "skip") | {test, reason, where: where}) |
	group_by(.reason)[] | "- not run: \(.[0].reason) (\(
	group_by(.test) | map("`\(.[0].test)` on \(map(.where) | join(", "))")
	| join("; ")))"),
""
