# SPDX-License-Identifier: GPL-2.0-only
# Of each operation's measurements, one per boot, the least, with the spread of all; and
# the least of what three of four executions stay within, with its spread.
# Profilers of before don't say that.  $fuse: what it is called there.
group_by([.method, .phase])[] | (map(.insns) | max - min) as $spread |
	map(.upper_insns) as $upper |
	min_by(.insns) + { $fuse, spread_insns: $spread } +
	if $upper | all then { upper_insns: ($upper | min), spread_upper_insns: ($upper | max - min) }
	else {} end
