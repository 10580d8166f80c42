# SPDX-License-Identifier: GPL-2.0-only
# Of each operation's measurements, one per boot, the least, with the spread of all.
# $fuse: what it is called there.
group_by([.method, .phase])[] | (map(.insns) | max - min) as $spread |
	min_by(.insns) + { $fuse, spread_insns: $spread }
