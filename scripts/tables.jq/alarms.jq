# SPDX-License-Identifier: GPL-2.0-only
# A row per series of runs of the instruction gate on an unchanged tree.
"",
"| beside stock | runs | alarms | not the same to the last byte | failed |",
"|---|---:|---:|---:|---:|",
(.[] | "| \(.variants | join(", ")) | \(.runs) | \(.alarms) | \(.not_same) | \(.failed) |"),
""
