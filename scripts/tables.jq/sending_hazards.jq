# SPDX-License-Identifier: GPL-2.0-only
# Of hazards/1: what people have on a mount, and what the methods of results/sending.md do
# to it, on the oldest series that has all of them.
["epoch", "expire_entry", "prune", "inval_inode", "inval_entry"] as $methods |
[
	["a mount beneath", "submount"], ["an overlay above", "overlay"],
	["a file of it mounted elsewhere (containers)", "bound"],
	["numbers of nodes that you choose anew after a FORGET", "numbers"],
	["file handles (NFS)", "handle"], ["open files, working directories, watches", "open"],
	["a READDIRPLUS reply under way", "readdirplus"],
	["an older reply with attributes under way", "attributes"],
	["you send it inside a handler", "deadlock"]
] as $rows |
[.[] | select(.schema == "hazards/1" and .fuse == "" and (.kernel | startswith("6.18.")))] as $all |
def cell($hazard; $method):
	[$all[] | select(.hazard == $hazard and .method == $method and
		(.outcome | IN("present", "absent")))] | group_by(.probe) |
	map(any(.[]; .outcome == "present")) |
	if length == 0 then "not measured" elif any | not then "fine"
	elif all then "**breaks**" else "**breaks** in \(map(select(.)) | length) of \(length) cases" end;
"",
"| | \($methods | join(" | ")) |",
"|---|\($methods | map("---|") | join(""))",
($rows[] | . as [$what, $hazard] | "| \($what) | \([$methods[] | cell($hazard; .)] | join(" | ")) |"),
"",
"By `epochbench hazards` on \($all | map(.kernel) | unique | map("Linux " + .) | join(" and ")).",
""
