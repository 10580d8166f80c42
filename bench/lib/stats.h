/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats.h - summaries of samples.  Pure: needs libc and GSL only.
 */
#ifndef FUSE_EPOCH_LIB_STATS_H
#define FUSE_EPOCH_LIB_STATS_H

#include <stddef.h>
#include <stdint.h>

struct stats {
	size_t cnt;
	double min;
	double median;
	double mad; /* median absolute deviation, not scaled */
	double max;
};

/*
 * Summarise cnt samples.  All fields but cnt are NaN when cnt is 0.
 * Returns 0, or -ENOMEM.
 */
int stats_of(const uint64_t *sample, size_t cnt, struct stats *out);
int stats_of_real(const double *sample, size_t cnt, struct stats *out);

/*
 * Median of a[i] / b[i] over the rounds that both have (the first
 * min(a_cnt, b_cnt)): rounds are interleaved, so slow drift of the machine
 * cancels.  Rounds with b[i] == 0 are left out; NaN when none is left.
 */
double stats_paired_ratio(const uint64_t *a, size_t a_cnt, const uint64_t *b,
			  size_t b_cnt);

#endif
