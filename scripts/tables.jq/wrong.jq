# SPDX-License-Identifier: GPL-2.0-only
# What each method makes programs do wrongly, per run, and what the oracle saw of what
# no event may change.
def median: sort | .[length / 2 | floor];
def short: if . == floor then . else . * 10 | round / 10 end;
def part($wrong; $of): map(.oracle) | "\(map(.[$wrong]) | add) of \(map(.[$of]) | add)";
map(select(.wrong)) |
(map(.wrong.what) | unique) as $whats |
"",
"| kernel, or fuse.ko | method | \($whats | join(" | ")) | other `st_ino` | wrong through the overlay | getcwd() failed |",
"|---|---|\($whats | map("---:|") | add)---:|---:|---:|",
# A fuse.ko of ours is "reask a1a7ba9673d9".
def fuse: if .host.fuse == "" then .host.kernel | split("-")[0] else .host.fuse | split(" ")[0] end;
(group_by(fuse, .method != "none", .method)[] |
	"| \(.[0] | fuse) | \(.[0].method) | \(. as $rows | $whats | map(. as $what |
	$rows | map(select(.wrong.what == $what) | .wrong.cnt / .op_cnt) | median | short | tostring) |
	join(" | ")) | \(part("renumbered_cnt"; "number_cnt")) | \(
	part("overlay_wrong_cnt"; "overlay_cnt")) | \(part("getcwd_failed_cnt"; "getcwd_cnt")) |"),
""
