# SPDX-License-Identifier: GPL-2.0-only
# Numbers of results/STUDY.md: a value, the interval that holds it, and how it is said.
# Numbers and their units stay on one line (U+00A0).
def median: sort | length as $n |
	if $n % 2 == 1 then .[$n / 2 | floor] else (.[$n / 2 - 1] + .[$n / 2]) / 2 end;
def three: # digits that count
	if . >= 100 then round elif . >= 10 then . * 10 | round / 10 else . * 100 | round / 100 end;
def scaled($units): # the first unit that leaves less than a thousand
	reduce range(($units | length) - 1) as $i ([., 0];
		if .[0] >= 999.5 and .[1] == $i then [.[0] / 1000, $i + 1] else . end) |
	"\(.[0] | three)\($units[.[1]])";
def time: if . == 0 then "0" else scaled(["\u00a0ns", "\u00a0us", "\u00a0ms", "\u00a0s"]) end;
def insns: if . < 1e6 then tostring else scaled(["", "k", "M", "G"]) end;
def names: if . >= 1e6 then "\(. / 1e6)M" elif . >= 1e3 then "\(. / 1e3)k" else tostring end;
def percent: "\(. * 100 | if . >= 10 then round else . * 10 | round / 10 end)%";

# number(KEY; KIND): of samples.  The interval is where the median lies in 95 of 100 (by
# order statistics), of fewer than six samples all of them.  One or two samples say
# nothing of how far others may be: then it is a tenth on both sides, a hundredth of
# instructions, unless it is exact.
def number($key; $kind):
	(sort | length) as $n | sort as $s |
	([1, ($n / 2 - 0.98 * ($n | sqrt) | floor) + 1] | max) as $rank |
	(if $n > 2 then 0 else { time: 0.1, ratio: 0.1, share: 0.1, insns: 0.01 }[$kind] // 0 end) as $more |
	{ $key, $kind, $n, value: median, from: ($s[$rank - 1] * (1 - $more)),
	  to: ($s[$n - $rank] * (1 + $more)) };
def exact($key; $kind): [.] | number($key; $kind);
# of(TOTAL; KEY): "4 of 7".
def of($total; $key): exact($key; "of") + { $total };

def brief:
	.kind as $kind | .total as $total | .value |
	if $kind == "time" then time elif $kind == "insns" then insns
	elif $kind == "ratio" then "\(three)x" elif $kind == "share" then percent
	elif $kind == "of" then "\(.) of \($total)" else three | tostring end;
# With how far the interval reaches, on its wider side.
def full:
	if .kind == "time" and .n > 2 and .value > 0 then
		"\(brief) ±\([.to / .value - 1, 1 - .from / .value] | max | percent)"
	else brief end;

# moved(BASE): no number can be in both intervals.
def moved($base): $base != null and ($base.total != .total or .from > $base.to or .to < $base.from);
# said(BASE; HOW): the number, marked if it isn't what that of the same key in BASE was.
def said($base; how):
	if type != "object" then tostring
	else $base[.key] as $was |
		if moved($was) then "**\(how)** (was \($was | brief))" else how end
	end;

# page(SECTION; BASE): the answer, and tables.
def page($base):
	"", (.answer | map(said($base; brief)) | add), "",
	(.tables[] |
		"| \(.head | join(" | ")) |",
		"|\(.head | to_entries | map(if .key == 0 then "---|" else "---:|" end) | add)",
		(.rows[] | "| \(map(said($base; full)) | join(" | ")) |"),
		"");
def by_key: [.. | objects | select(.key and .kind)] | map({ (.key): . }) | add // {};
