# SPDX-License-Identifier: GPL-2.0-only
# Of torture/1: the faults, by what came of them.
def told: {"0": "it worked", "1": "it failed", "2": "it refused", "3": "a regression",
	"77": "it was skipped"}[tostring] // "status \(.)";
(.[0] | select(.kind == "host")) as $host |
[.[] | select(.kind == "fault")] as $faults |
"",
"\($faults | length) faults by \($host.bench), Linux \($host.kernel); after \([$faults[] | select(.left != "")] | length) of them something was left, or the status was wrong.",
"",
"| what came of it | faults |",
"|---|---|",
($faults | group_by(.status)[] | "| \(.[0].status | told) | \(map(.fault) | join("; ")) |"),
""
