/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - from records to tables.
 *
 * A case says which columns its table has (case_table.h); the report knows how
 * a column is computed from a record and how a table is drawn.  Nothing here
 * runs anything.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_H
#define FUSE_EPOCH_REPORT_REPORT_H

#include <stdio.h>

#include "bench/lib/paragraph.h"
#include "bench/record/record.h"

/*
 * Draws one table for each (run, case, ...) group among the records, in the
 * order of first appearance.  verbose adds the long table: minimum, median,
 * MAD and maximum of every phase.  Returns 0 or -errno.
 */
int report_print(FILE *out, const struct record *recs, size_t cnt,
		 enum report_format format, bool verbose);

/*
 * The same as text, without what is said once of a run after all its tables:
 * more of it come.
 */
int report_print_part(FILE *out, const struct record *recs, size_t cnt);

/* Are they of one table? */
bool report_is_one_table(const struct record *a, const struct record *b);

#endif
