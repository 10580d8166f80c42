# SPDX-License-Identifier: GPL-2.0-only
# The hits of it, for a manual page.
".Bl -column \"Debian 7.3.4, preemptible\" \"kprobe and kretprobe, as in bcc\" \"12345\"",
".It Sy kernel Ta Sy traced by Ta Sy hit",
(.[] | ".It \(if .fuse == "" then .kernel else "6.12 " + (.fuse | split(" ")[0]) end
	) Ta \(.tracer) Ta \(.hit_insns)"),
".El"
