# SPDX-License-Identifier: GPL-2.0-only
# The self-tests of two kernels ($base, $head: records of scripts/selftest) as Markdown:
# what differs, each in a row, and what is the same, in a line for each outcome.
def words: { pass: "ok", fail: "**red**", skip: "not run" }[.];
def tame: gsub("(?<c>[|<`\\[\\\\])"; "\\\(.c)");
($base | map({(.test): .}) | add) as $was |
[$head[] | { test, title, is: .outcome, was: $was[.test].outcome, failed,
	reason: (.reason // "") }] |
(map(select(.is != .was))) as $other |
(if $other == [] then "Each test ends as it did before."
else "| test | what | base | head | |", "|---|---|---|---|---|",
	($other[] | "| `\(.test)` | \(.title | tame) | \(.was // "skip" | words) | \(.is | words) | \(
		(if .is == "fail" then (.failed | join("; ")) else .reason end) | tame) |")
end), "",
(["pass", "ok on both"], ["fail", "red on both, a hazard that both have"],
	["skip", "not run on either"]) as [$outcome, $text] |
	map(select(.is == $outcome and .was == $outcome)) | select(. != []) |
	"- \($text): \(map("`\(.test)`") | join(", "))"
