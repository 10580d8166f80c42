# SPDX-License-Identifier: GPL-2.0-only
# How often compare is wrong, and what it finds: by simulation, or on a machine.
# Measured samples are too many for a row each, so their noise floors have one.
def pct: if . == null then "-" else "\(. * 10 | round / 10)%" end;
def median: sort | .[(length - 1) / 2 | floor];
def alarm: any(.same[]; .verdict == "slower" or .verdict == "faster");
def quiet($list): "\($list | map(.quiet_found) | add) of \(
	$list | map(.quiet_trials) | add)";
def least: if . == 0 then "more than 200%" else "\(.)%" end;
# The upper end of the exact 95% interval of k of n (Clopper and Pearson, 1934).
def at_most($k; $n):
	def below($p): reduce range(1; $k + 1) as $i ({term: pow(1 - $p; $n), sum: pow(1 - $p; $n)};
		.term *= ($n - $i + 1) / $i * $p / (1 - $p) | .sum += .term) | .sum;
	reduce range(40) as $i ([0, 1]; ((.[0] + .[1]) / 2) as $p |
		if below($p) > 0.025 then [$p, .[1]] else [.[0], $p] end) | .[1] * 100;
map(select(.what == "alarms")) as $alarms |
map(select(.what == "found")) as $found |
map(select(.what == "spread")) as $spread |
map(select(.what == "order")) as $order |
map(select(.what == "ends")) as $ends |
map(select(.what == "real")) as $real |
($found | map(select(.samples | test("n=")))) as $measured |
"",
(if $alarms != [] then
	"| nothing changed: samples | runs | comparisons | with a false alarm | | at most (95%) |",
	"|---|---:|---:|---:|---:|---:|",
	# + 0: jq 1.7 prints 0.70 where that is in the record, if nothing is done with it.
	($alarms[] | "| \(.samples) | \(.runs) | \(.trials) | \(.alarms) | \(.alarms_pct + 0)% | \(.alarms_high_pct + 0)% |"),
	"" else empty end),
(if $found != [] then
	"| one of \($found[0].cells) numbers is slower: samples | runs | A/A floor (median) | 5% is found | where the floor is 2% or less | found in 95 of 100 |",
	"|---|---:|---:|---:|---:|---:|",
	($found - $measured | .[] | "| \(.samples) | \(.runs) | \(.floor_pct | pct) | \(.found_pct | pct) | \(quiet([.])) | \(.least_found_pct | least) |"),
	([[0, 2], [2, 3], [3, 5], [5, 10], [10, 100]][] as [$from, $to] |
		$measured | map(select(.floor_pct > $from and .floor_pct <= $to)) |
		select(. != []) |
		"| measured: \(length) phases with a floor of \($from) to \($to)% | \(.[0].runs) | \(map(.floor_pct) | median | pct) | \(map(.found_pct) | min | pct) to \(map(.found_pct) | max | pct) | \(quiet(.)) | \(map(.least_found_pct | select(. > 0)) | min | least) to \(map(.least_found_pct) | if any(.[]; . == 0) then 0 else max end | least) |"),
	"" else empty end),
(if $spread != [] then
	"| one side spreads more, about the same median: samples | which side, and how | runs | comparisons of one number | called slower or faster | | at most (95%) |",
	"|---|---|---:|---:|---:|---:|---:|",
	($spread[] | "| \(.samples) | \(.side), \(.spread) | \(.runs) | \(.trials) | \(.called) | \(.called_pct + 0)% | \(.called_high_pct + 0)% |"),
	"" else empty end),
(if $order != [] then
	"| nothing changed, under a load that comes each six rounds: rounds | runs | comparisons | with a false alarm | | at most (95%) |",
	"|---|---:|---:|---:|---:|---:|",
	($order[] | "| \(.order) | \(.runs) | \(.trials) | \(.alarms) | \(.alarms_pct + 0)% | \(.alarms_high_pct + 0)% |"),
	"" else empty end),
(if $ends != [] then
	"| 95% intervals of a change: samples | runs | comparisons | hold the truth | between (95%) |",
	"|---|---:|---:|---:|---:|",
	($ends[] | "| \(.samples) | \(.runs) | \(.trials) | \(.held_pct + 0)% | \(.held_low_pct + 0)% and \(.held_high_pct + 0)% |"),
	"" else empty end),
(if $real != [] then
	def row(of): [[$real[] | {same, slow}], [$real[] | {same: .same_cpu, slow: .slow_cpu}]] |
		map(of | tostring) | join(" | ");
	# The total has the re-walk in it.
	def made_slower: .phase == "rewalk" or .phase == "total";
	def walks: [.[].slow[] | select(.phase == "rewalk")];
	def found: map(select(.verdict == "slower")) | length;
	"| real, \($real[0].names) names, \($real[0].rounds) rounds, load \($real | map(.load1) | min) to \($real | map(.load1) | max) | by the time that passed | by CPU time |",
	"|---|---:|---:|",
	def from_to: [min, max] | unique | join(" to ");
	"| comparisons of the same | \(row(length)) |",
	"| numbers in each | \(row(map(.same | length) | from_to)) |",
	"| with a false alarm | \(row(map(select(alarm)) | length)) |",
	"| of these slower, which `scripts/regress` would measure again | \(row(map(select(any(.same[]; .verdict == "slower"))) | length)) |",
	"| a false alarm: at most (95%) | \(row(at_most(map(select(alarm)) | length; length) | pct)) |",
	"| A/A floor of the re-walk: median | \(row(walks | map(.floor * 100) | median | pct)) |",
	"| re-walks that are \($real[0].slower_pct)% slower | \(row(walks | length)) |",
	"| found | \(row(walks | found)) |",
	(def least(key): . as $all | [$all[0].scaled[]?.pct | select(. as $pct |
			[$all[] | (.same | map(select(.phase == "rewalk")) | length) as $walks |
				(.scaled[] | select(.pct == $pct) | .[key] | length), $walks] |
			([.[range(0; length; 2)]] | add) >= 0.95 * ([.[range(1; length; 2)]] | add))] |
			min | if . then "\(.)%" else "more than 100%" end;
		if all($real[]; .scaled) then
		"| found in 95 of 100, if the same re-walks take longer by | \($real | least("found")) | \($real | least("found_cpu")) |"
		else empty end),
	"| numbers in these comparisons that nobody made slower | \(row([.[].slow[] | select(made_slower | not)] | length)) |",
	"| of these called slower, or faster | \(row([.[].slow[] | select(made_slower | not) | .verdict] |
		"\(map(select(. == "slower")) | length), \(map(select(. == "faster")) | length)")) |",
	"| with a floor of 2% or less, and of these found | \(row(walks | map(select(.floor <= 0.02)) | "\(length), \(found)")) |",
	"" else empty end)
