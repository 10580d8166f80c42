/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_group.h - puts records together that belong together.
 *
 * All records lie in one array, so where two are equal, what is earlier there comes
 * first.  Time is that of sorting, however many groups there are.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_GROUP_H
#define FUSE_EPOCH_RECORD_RECORD_GROUP_H

#include "record.h"

/* As strcmp(): 0 if both are of one group. */
typedef int record_order_fn(const struct record *a, const struct record *b);

/* Pointers to all records, as they are.  Free them; NULL: no memory. */
const struct record **record_pointers(const struct record *recs, size_t cnt);

/* Puts them in that order. */
void record_sort(const struct record **rec, size_t cnt, record_order_fn *order);

/*
 * Puts those of each group together: groups in the order of their first records,
 * and the records of each as they were.  Returns 0 or -ENOMEM.
 */
int record_group(const struct record **rec, size_t cnt, record_order_fn *order);

/* How many from the first on are of its group. */
size_t record_group_size(const struct record *const *rec, size_t cnt,
			 record_order_fn *order);

#endif
