/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workload_report.h - from the cells of `epochbench workload` to tables and advice.
 *
 * Runs nothing.  (bench/report is for records of `run`.)
 */
#ifndef FUSE_EPOCH_ADVICE_WORKLOAD_REPORT_H
#define FUSE_EPOCH_ADVICE_WORKLOAD_REPORT_H

#include <stdio.h>

#include <jansson.h>

#include "bench/lib/paragraph.h"
#include "workload_record.h"

struct workload_report {
	enum report_format format;
	bool verbose; /* adds walker, notifications and oracle */
	double rate_hz; /* to advise for; 0: each that was measured */
	bool has_submounts;
	uint64_t
		submount_cnt; /* to advise for, if has_submounts; else as measured */
	unsigned int settings; /* to advise for: 1 << enum advise_setting */
};

/*
 * Per run and workload a table by method and rate, then dip and recovery, the
 * host, and the advice.  Returns 0 or -errno.
 */
int workload_report(FILE *out, const struct workload_record *recs, size_t cnt,
		    const struct workload_report *opt);

/*
 * The same, as text, of cells as they are written, one JSON object each.
 * Returns 0; -EINVAL if a cell isn't a good one (told on stderr); -errno.
 */
int workload_report_print(FILE *out, json_t *const *cells, size_t cnt);

#endif
