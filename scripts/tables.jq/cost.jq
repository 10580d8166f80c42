# SPDX-License-Identifier: GPL-2.0-only
# Per kernel a row per tracer; what it adds to a hit by an empty program.
def signed: if . > 0 then "+\(.)" else tostring end;
"",
"| kernel | traced by | hit | more than empty | LOOKUP miss | stale miss | first touch |",
"|---|---|---:|---:|---:|---:|---:|",
(group_by(.kernel + .fuse)[] |
	(.[] | select(.tracer | startswith("empty")).hit_insns) as $empty | .[] |
	"| \(if .fuse == "" then .kernel else "6.12 " + (.fuse | split(" ")[0]) end) | \(
	.tracer) | \(.hit_insns) | \(.hit_insns - $empty | signed) | \(
	.miss_insns) | \(.stale_insns // "-") | \(.first_touch_insns // "-") |"),
""
