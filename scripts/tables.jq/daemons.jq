# SPDX-License-Identifier: GPL-2.0-only
# What scripts/daemons has measured, and first where its guesses were wrong.

# Of a list of distinct numbers: "1 s", "0 s, 1 s".
def seconds: if . >= 18446744073709551615 then "2^64-1 s"
	elif . >= 1000000 then "\(.) s" else "\(. * 1000 | round / 1000) s" end;
# Added to nothing, as jq 1.7 shows a number as it was written: 2.0.
def unique_s: map(.s + 0) | unique;
def distinct(of): map(select(.of == of)) | unique_s;
def listed: if length == 0 then "-" else map(seconds) | join(", ") end;
# Files first; folders only where they differ.
def kept: distinct("file") as $file | distinct("folder") as $folder |
	if $file == $folder or ($folder | length) == 0 then $file | listed
	elif ($file | length) == 0 then "\($folder | listed) (folders)"
	else "\($file | listed) (folders \($folder | listed))" end;
# How a guess calls it: of files, if there are any.
def as_guess: (distinct("file") as $f | if ($f | length) > 0 then $f else distinct("folder") end) |
	map(tostring) | join("/") | if . == "18446744073709552000" then "18446744073709551615" else . end;
def numbers: .numbers as $n | if $n.names == null then "-" elif $n.changed == 0 then "stay"
	elif $n.changed * 2 >= $n.names then "change" else "some change" end;
def bump_seen: {yes: "seen", no: "unseen"}[.seen.bump // ""] // "-";
def measured: {
	entry: (.wire.entry | as_guess), attr: (.wire.attr | as_guess),
	negative: (.wire.negative | as_guess),
	readdirplus: {"true": "yes", "false": "no"}[.wire.readdirplus | tostring],
	numbers: numbers, bump: bump_seen};
# What wasn't measured can't be wrong.
def wrongs: . as $r | measured as $m | .guess | to_entries |
	map(select($m[.key] != null and $m[.key] != "-" and $m[.key] != "" and .value != "-" and
		$m[.key] != .value) + {measured: $m[.key]});
def guessed_cnt: measured as $m | .guess | to_entries |
	map(select($m[.key] != null and $m[.key] != "-" and $m[.key] != "" and .value != "-")) | length;
def words: {entry: "entry timeout", attr: "attribute timeout", negative: "missing names",
	readdirplus: "asks for READDIRPLUS", numbers: "numbers after a bump",
	bump: "a change after a bump"}[.];
def unit: if test("^[0-9./e+]+$") then "\(.) s" else . end;
def long: if . == "18446744073709551615 s" then "2^64-1 s" else . end;
def cell: if . == null or . == "" then "-" else tostring end;
def total(key): [.wire.phases[].requests[key] // 0] | add // 0;
# The least of some turns.
def lookups(phase): [.wire.phases | to_entries[] | select(.key | startswith(phase)) |
	.value.requests.LOOKUP // 0] | min;
def notifications: [.wire.phases[].notifications | to_entries[]] | group_by(.key) |
	map("\(.[0].key) \(map(.value) | add)") | if length == 0 then "-" else join(", ") end;
def waited(ms): if .unseen.bound_ms == null then "-"
	elif ms == null then "not within \(.unseen.bound_ms / 1000) s"
	elif ms < 100 then "at once" else "after \(ms / 100 | round / 10) s" end;
def told(method): {yes: "seen", no: "not seen", anyway: "seen before", untried: "-",
	refused: "refused"}[.seen[method] // "untried"];
def kept_by(text): text | cell | if . == "refused" then "epochctl fails" else . end;
def of_names(text): text | cell | if test("^0 of ") then "fine" elif test("^[0-9]+ of ") then "ESTALE: \(.)"
	else kept_by(.) end;

map(.base = .name) |
map(if .debian | startswith("12") then . else .name += " (Debian \(.debian | split(".")[0]))" end) |
(map(select(.why == null)) | sort_by(.name)) as $ran |
(map(select(.why != null)) | sort_by(.name)) as $not |
($ran | map(wrongs | length) | add // 0) as $wrong | ($ran | map(guessed_cnt) | add // 0) as $cnt |
"",
"## Where the guesses were wrong",
"",
"\($wrong) of \($cnt) guesses about \($ran | map(.base) | unique | length) file systems, written down before anything ran:",
"",
"| file system | what | guessed | measured |", "|---|---|---|---|",
($ran[] | .name as $name | wrongs[] |
	"| \($name) | \(.key | words) | \(.value | unit | long) | \(.measured | unit | long) |"),
"",
"## What they have the kernel keep",
"",
"| file system | version | library | protocol | names | attributes | missing names | READDIRPLUS | /dev/fuse | threads |",
"|---|---|---|---|---|---|---|---|---:|---:|",
($ran[] | "| \(.name) | \(.version) | \(.library | cell) | \(if .wire.minor then "7.\(.wire.minor)" else "-" end) | \(
	.wire.entry // [] | kept) | \(.wire.attr // [] | kept) | \(.wire.negative // [] | unique_s | listed) | \(
	if .wire.readdirplus == null then "-" elif .wire.readdirplus then "yes, \(total("READDIRPLUS"))" else "no" end) | \(
	.device_cnt | cell) | \(.threads | cell) |"),
"",
"## A change behind them",
"",
"| file system | a replaced file is seen | a new name is seen | after a bump | after expire\\_entry | after inval\\_entry | notifies by itself |",
"|---|---|---|---|---|---|---|",
($ran[] | select(.fixed == "") | "| \(.name) | \(waited(.unseen.changed_ms)) | \(waited(.unseen.appeared_ms)) | \(
	told("bump")) | \(told("expire_entry")) | \(told("inval_entry")) | \(
	if .wire then notifications else "-" end) |"),
"",
"Nothing but the daemon changes these: \($ran | map(select(.fixed != "")) | group_by(.fixed) |
	map("\(map(.base) | unique | join(", ")) (\(.[0].fixed))") | join("; ")).",
"",
"## What a bump costs and breaks",
"",
"| file system | LOOKUPs of a walk of 20 names | after a bump | st\\_ino after a bump | overlay after a bump | after expire | mount below after a bump | after expire |",
"|---|---:|---:|---|---|---|---|---|",
($ran[] | "| \(.name) | \(if .wire then lookups("again") else "-" end)\(
	if .wire.names < 20 then " (of \(.wire.names))" else "" end) | \(
	if .wire then lookups("told") else "-" end) | \(numbers)\(
	if .numbers.changed > 0 then " (\(.numbers.changed) of \(.numbers.names))" else "" end) | \(
	of_names(.overlay.bump)) | \(of_names(.overlay.expire)) | \(kept_by(.below.bump)) | \(kept_by(.below.expire)) |"),
"",
"## What could not be measured",
"",
"| file system | version | why |", "|---|---|---|",
($not[] | "| \(.name) | \(.version | cell) | \(.why) |"),
"",
($ran | map(select(.unlisted) | "\(.name): `ls` says \(.unlisted).") | join("  ")),
"",
"\($ran | map(.base) | unique | length) file systems on Debian \(map(.debian) | unique | join(", ")), Linux \(map(.kernel) | unique | join(", ")).",
""
