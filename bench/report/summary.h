/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary.h - one number out of the samples of a record.
 */
#ifndef FUSE_EPOCH_REPORT_SUMMARY_H
#define FUSE_EPOCH_REPORT_SUMMARY_H

#include "bench/record/record.h"
#include "case_table.h"
#include "rivals.h"
#include "bench/lib/units.h"

struct summary {
	double value; /* in the unit's base; NaN: nothing to tell */
	enum unit unit;
	bool varies; /* a count that wasn't the same in every round */
};

/* What a method broke: "submount, overlay"; "-": nothing, "?": nobody tried. */
void summary_breaks(const struct record *rec, char *buf, size_t len);

/* Is it a column of text: method, shape, populate, or the number of names? */
bool summary_is_label(enum column_kind kind);

/*
 * The value of a column that isn't a label.  Ratios look for their other half
 * among rivals.  Lack of memory counts as nothing to tell.
 */
struct summary summary_of(const struct column *col, const struct record *rec,
			  const struct rivals *rivals);

/*
 * Machine-readable name of a column, with its unit: "method",
 * "notify_median_ns", "total_LOOKUP_cnt", "notify_vs_none_ratio".
 */
void summary_key(const struct column *col, enum unit cost_unit, char *buf,
		 size_t len);

#endif
