# SPDX-License-Identifier: GPL-2.0-only
# Of insns-emulators/1: the operations that took another number of instructions.
def what: if .phase == "notify" then .method else "\(.method), \(.phase)" end;
def top: to_entries | sort_by(-(.value | fabs)) | .[:3] |
	map("`\(.key)` \(if .value > 0 then "+" else "" end)\(.value)") | join(", ");
.[0] as $head | .[1:] as $all |
($all | map(select(.insns[0] != .insns[1]))) as $differ |
"",
"By \($head.qemu | map(sub("QEMU emulator version "; "QEMU ")) | join(" and by ")), CPU `\($head.cpu)`, \($head.seeds) boot\(if $head.seeds == 1 then "" else "s" end) of each kernel, the least of them: \($all | length) counts of \($all | map(.kernel) | unique | length) kernels, \(($all | length) - ($differ | length)) are the same, \($differ | length) aren't.",
"",
"| kernel | operation | one | the other | difference | spread of the boots | where most |",
"|---|---|---:|---:|---:|---:|---|",
($differ[] | "| \(.kernel) | \(what) | \(.insns[0]) | \(.insns[1]) | \(.insns[1] - .insns[0]) | \(.spread_insns | map(tostring) | join(", ")) | \(.functions | top) |"),
""
