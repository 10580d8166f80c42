# SPDX-License-Identifier: GPL-2.0-only
# What scripts/examples saw: a row per library.
def cell: if . == null then "?"
	elif .errno == 95 then "not by this library"
	elif .errno != 0 then "errno \(.errno)"
	elif .seen | not then "not seen"
	else "seen, \(if .lookup_cnt == 0 then "no" else .lookup_cnt end) LOOKUP" +
		(if .looks_deleted then "; an open file looks deleted" else "" end) end;
"",
"| daemon | library | epoch | expire | prune | inode |",
"|---|---|---|---|---|---|",
(group_by([.library, .version])[] | . as $of |
	def of($message): [$of[] | select(.message == $message)][0] | cell;
	"| [\(.[0].example)](../bench/examples) | \(.[0].library) \(.[0].version) | \(of("epoch")) | \(
	of("expire")) | \(of("prune")) | \(of("inode")) |"),
"",
"Linux \(map(.kernel) | unique | join(", ")).",
""
