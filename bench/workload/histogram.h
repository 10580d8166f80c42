/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * histogram.h - many durations in little memory, each to 1.6 %.
 *
 * Buckets are 1/64 of a power of two wide.  A histogram has no pointers, so it
 * may lie in memory that processes share.  Pure.
 */
#ifndef FUSE_EPOCH_WORKLOAD_HISTOGRAM_H
#define FUSE_EPOCH_WORKLOAD_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_SUB = 64, HISTOGRAM_BUCKETS = 59 * HISTOGRAM_SUB };

struct histogram {
	uint64_t cnt;
	uint64_t max_ns; /* exact */
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t ns);

/*
 * The smallest value that at least this part (0 to 1) of all don't exceed, as
 * the upper end of its bucket; 0 if there are none.
 */
uint64_t histogram_quantile_ns(const struct histogram *h, double part);

#endif
