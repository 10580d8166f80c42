/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_trend.h - how a variant's cost changed from run to run.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_TREND_H
#define FUSE_EPOCH_REPORT_REPORT_TREND_H

#include "report.h"

/*
 * One table per variant, a row per run, in the order of the records (see
 * record_sort_runs()).  Draws the total of a variant, or else the first phase that
 * it has.  Returns 0 or -errno.
 */
int report_trend(FILE *out, const struct record *recs, size_t cnt,
		 enum report_format format);

#endif
