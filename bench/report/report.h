/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - from records to tables.
 *
 * A case says which columns its table has; the report knows how a column is
 * computed from a record and how a table is drawn.  Nothing here runs anything.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_H
#define FUSE_EPOCH_REPORT_REPORT_H

#include <stdio.h>

#include "bench/record/record.h"

enum column_kind {
	COL_METHOD, /* label: method */
	COL_SHAPE, /* label: shape */
	COL_N, /* label: number of names */
	COL_POPULATE, /* label: how it was populated */
	COL_FUSE, /* label: variant of fuse.ko, or else the kernel */
	COL_HOST, /* label: name of the host */
	COL_SIDE, /* label: side of a comparison */
	COL_RUNS, /* number of samples */
	COL_MEDIAN, /* median cost of .phase */
	COL_MIN, /* minimum cost of .phase */
	COL_MAD_PCT, /* MAD of .phase in % of its median */
	COL_PER_MSG, /* median cost of .phase per notification */
	COL_RATE, /* names per second in .phase, from the median */
	COL_DAEMON_SHARE, /* daemon's part of the CPU time in .phase */
	COL_OPS, /* median count of .opcode in .phase */
	COL_MSGS, /* notifications written */
	COL_VS_NONE, /* paired ratio of .phase against method "none" */
	COL_VS_BEST, /* ... against the best other method of the same guarantee */
	COL_VS_PHASE, /* paired ratio of .phase to .other in one sample */
	COL_MEM_PEAK, /* peak memory */
	COL_MEM_PER_NAME, /* peak memory / n */
};

struct column {
	const char *title;
	enum column_kind kind;
	enum phase phase;
	enum phase other;
	unsigned int opcode;
};

enum report_format { REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON };

/* The format "text", "markdown" or "json".  Returns 0, or -EINVAL. */
int report_format_by_name(const char *name, enum report_format *out);

/*
 * Draws one table for each (run, case, ...) group among the records, in the
 * order of first appearance.  verbose adds the long table: minimum, median,
 * MAD and maximum of every phase.  Returns 0 or -errno.
 */
int report_print(FILE *out, const struct record *recs, size_t cnt,
		 enum report_format format, bool verbose);

#endif
