# SPDX-License-Identifier: GPL-2.0-only
# The first table of README.md: of $tables, what `epochbench report -f json` says of a run,
# and of $which, the first table of hazards in Markdown.  Numbers and their units stay on
# one line (U+00A0).
def three: # digits that count
	if . >= 100 then round elif . >= 10 then . * 10 | round / 10 else . * 100 | round / 100 end;
def time: if . == 0 then "0"
	elif . < 1e3 then "\(three)\u00a0ns" elif . < 1e6 then "\(. / 1e3 | three)\u00a0us"
	elif . < 1e9 then "\(. / 1e6 | three)\u00a0ms" else "\(. / 1e9 | three)\u00a0s" end;
def plain: gsub("\\\\"; "") | sub("^ +"; "") | sub(" +$"; "");
{
	"a mount below": "mounts", "an overlay": "overlays",
	"a bound file (containers)": "bound files", "open files, cwd, inotify": "open files",
	"a watch": "watches", "a shell or git inside": "shells inside",
	"open files: pages, ACLs": "pages",
	"git, tar, cp; the server numbers anew": "numbers", "NFS, file handles": "handles"
} as $short |
[$which | split("\n")[] | select(startswith("| ")) | split("|")[1:-1] | map(plain) |
	select($short[.[0]]) | { have: $short[.[0]], never: .[3] }] as $rows |
if ($rows | length) != ($short | length) then error("the table of hazards has other rows") else . end |
def named($method): split(", ") | index($method) != null;
def breaks($method): [$rows[] | select(.never | named($method)) | .have] |
	if . == [] then "-" else join(", ") end;
def all_but: ["none", "epoch_shrink", "epoch_shrink_sync", "delete", "drop_caches"];
($tables[0] | map(select(.case == "invalidate")) | first) as $table |
"",
"| method | the daemon pays | the first one pays | all coherent after | breaks |",
"|---|---:|---:|---:|---|",
($table.rows[] | select(.total_median_ns and (.method | IN(all_but[]) | not)) |
	"| \(.method | gsub("_"; "\\_")) | \(.notify_median_ns | time) | \(.first_touch_median_ns | time) | \(.total_median_ns | time) | \(breaks(.method)) |"),
""
