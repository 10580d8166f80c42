# SPDX-License-Identifier: GPL-2.0-only
# Of fuzz/1: what was tried of each reader.
"",
"By \(map(.bench) | unique | join(" and ")), \(map(.clang) | unique | join(" and ")), \(map(.duration_s) | min / 60) minutes each: \(map(.execution_cnt) | add) inputs, \(map(select(.failed)) | length) faults.",
"",
"| reader of | inputs tried | edges | features | inputs kept |",
"|---|---:|---:|---:|---:|",
(sort_by(.target)[] | "| \(.target) | \(.execution_cnt) | \(.edge_cnt) | \(.feature_cnt) | \(.input_cnt) |"),
""
