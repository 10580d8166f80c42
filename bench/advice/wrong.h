/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrong.h - does a method make programs do what they shouldn't?  Pure.
 */
#ifndef FUSE_EPOCH_ADVICE_WRONG_H
#define FUSE_EPOCH_ADVICE_WRONG_H

#include "choose.h"

/*
 * Sets ->wrong and ->wrong_per_op of a candidate: of the workload in which it is
 * most, if it is measurably more than without events, and whoever has these
 * settings has it.  0 or -ENOMEM.
 */
int advise_find_wrong(const struct workload_record *recs, size_t cnt,
		      unsigned int settings, struct advise_candidate *one);

#endif
