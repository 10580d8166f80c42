/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rivals.h - which records of a table a record is held against.
 *
 * Only against those of the same run, case and setting that were successful.
 * Finding them takes no longer if there are many.
 */
#ifndef FUSE_EPOCH_REPORT_RIVALS_H
#define FUSE_EPOCH_REPORT_RIVALS_H

#include "bench/record/record.h"

struct rivals;

/* NULL: no memory; then there are no rivals. */
struct rivals *rivals_new(const struct record *const *rec, size_t cnt);
void rivals_free(struct rivals *r);

/* The control, whose method is "none"; NULL: there is none, or that is rec. */
const struct record *rivals_control(const struct rivals *r,
				    const struct record *rec);

/*
 * Of another method with the same guarantee, the one whose median cost of that
 * phase is the least; NULL: none.
 */
const struct record *rivals_best(const struct rivals *r,
				 const struct record *rec, enum phase ph);

#endif
