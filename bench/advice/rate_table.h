/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rate_table.h - the tables of a workload, and the notes below them.
 */
#ifndef FUSE_EPOCH_ADVICE_RATE_TABLE_H
#define FUSE_EPOCH_ADVICE_RATE_TABLE_H

#include "workload_record.h"
#include "bench/lib/table.h"

/*
 * One record of each row of the workload of like: by method, as
 * `epochbench list` has them, then by scope and rate.  From malloc; NULL if
 * there is no memory.
 */
const struct workload_record **workload_rows(const struct workload_record *recs,
					     size_t cnt,
					     const struct workload_record *like,
					     size_t *row_cnt);

/* "inval_entry", or "inval_entry:changed" */
#define WORKLOAD_METHOD_LEN 48
void workload_method_text(const struct workload_record *rec,
			  char buf[WORKLOAD_METHOD_LEN]);

/*
 * Tables of the workload of like; NULL if there is no memory.  The first has
 * throughput and latency by method and rate, the second, for -v, the walker,
 * the notifications and the oracle.
 */
struct table *workload_rate_table(const struct workload_record *recs,
				  size_t cnt,
				  const struct workload_record *like);
struct table *workload_detail_table(const struct workload_record *recs,
				    size_t cnt,
				    const struct workload_record *like);

/*
 * What one event did, by method.  series, if it isn't NULL, is an array that
 * gets an object per method with what a figure draws.  NULL: no memory.
 */
struct table *workload_dip_table(const struct workload_record *recs, size_t cnt,
				 const struct workload_record *like,
				 json_t *series);

/* Tables of both kinds as text, without rows: which columns there are.  0 or -ENOMEM. */
int workload_table_heads(FILE *out, const void *unused);

#endif
