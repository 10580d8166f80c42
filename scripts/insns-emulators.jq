# SPDX-License-Identifier: GPL-2.0-only
# Of two files of measurements ($one, $two; insns/1): what each operation took, and the
# functions that took more or less in the second ($seeds boots each).
def diff($a; $b): reduce ($a + $b | keys[]) as $f ({};
	(($b[$f] // 0) - ($a[$f] // 0)) as $d | if $d == 0 then . else .[$f] = $d end);
[$one[0], $two[0] | .versions] as $v |
{ schema: "insns-emulators/1", $seeds, cpu: ($v | map(.cpu) | unique | join(" or ")),
	qemu: ($v | map(.qemu)),
	moved: [$v[0] | keys[] | select($v[0][.] != $v[1][.] and . != "qemu")] },
($one[1:][] | . as $a | first($two[1:][] | select([.kernel, .method, .phase] ==
	[$a.kernel, $a.method, $a.phase])) as $b |
	{ kernel, method, phase, n, insns: [$a.insns, $b.insns],
		spread_insns: [$a.spread_insns, $b.spread_insns],
		functions: diff($a.functions; $b.functions) })
