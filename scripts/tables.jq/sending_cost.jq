# SPDX-License-Identifier: GPL-2.0-only
# Of a benchmark: what a method costs its daemon, an innocent process, and all together.
["epoch", "expire_entry", "prune", "inval_inode", "inval_entry"] as $methods |
def median: sort | .[length / 2 | floor];
def ns: if . >= 1e9 then "\(. / 1e8 | round / 10) s"
	elif . >= 1e7 then "\(. / 1e6 | round) ms"
	elif . >= 1e6 then "\(. / 1e5 | round / 10) ms"
	else "\(. / 1e3 | round) us" end;
def cnt($op): [.phases.total.ops[$op] // [0] | median] | add;
"",
"| names | method | to send it | the first stat after it | until all is known again | LOOKUP | GETATTR | FORGET |",
"|---:|---|---:|---:|---:|---:|---:|---:|",
([.[] | select(.case == "invalidate" and .shape == "wide" and .exit == 0)] | group_by(.n)[] |
	. as $of | $methods[] as $method | $of[] | select(.method == $method) |
	"| \(.n) | \(.method) | \(.phases.notify.ns | median | ns) | \(
	.phases.first_touch.ns | median | ns) | \(.phases.total.ns | median | ns) | \(
	cnt("LOOKUP")) | \(cnt("GETATTR")) | \(cnt("FORGET")) |"),
"",
(.[0].host | "Linux \(.kernel), \(.cpu_model), daemon and driver on one CPU; medians."),
""
