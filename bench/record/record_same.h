/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_same.h - which records are of the same variant, and what is there twice,
 * as files are copied and merged.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_SAME_H
#define FUSE_EPOCH_RECORD_RECORD_SAME_H

#include "record.h"

/*
 * 0 if both are of one variant, whatever it was measured on; else which comes
 * first in some order.
 */
int record_compare_key(const struct record *a, const struct record *b);

/*
 * 0 if both are of one variant, host, kernel, fuse.ko and side, so that their
 * samples may be put together; else which comes first in some order.
 */
int record_compare_variant(const struct record *a, const struct record *b);

struct record_twice {
	bool found;
	size_t first,
		second; /* records; the same one if it has a sample twice */
};

/*
 * Looks for a sample that is there twice in records of one variant, whatever
 * their runs are called.  Returns 0 or -ENOMEM.
 */
int record_find_twice(const struct record *recs, size_t cnt,
		      struct record_twice *twice);

/*
 * Puts the records in the order of their runs' dates, those without one first,
 * and leaves out those that are there already, whole.  *cnt becomes what is left.
 * Returns 0 or -ENOMEM: then nothing is changed.
 */
int record_sort_runs(struct record *recs, size_t *cnt);

#endif
