// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>

#include "histogram.h"

/* Up to SUB each value has its own bucket; then each power of two has SUB. */
static unsigned int bucket_of(uint64_t ns)
{
	unsigned int shift;

	if (ns < HISTOGRAM_SUB)
		return (unsigned int)ns;
	shift = 63U - (unsigned int)__builtin_clzll(ns) - 6;
	return (shift + 1) * HISTOGRAM_SUB + (unsigned int)(ns >> shift) -
	       HISTOGRAM_SUB;
}

static uint64_t last_of(unsigned int bucket)
{
	unsigned int shift = bucket / HISTOGRAM_SUB;

	if (!shift)
		return bucket;
	shift--;
	return ((uint64_t)(bucket % HISTOGRAM_SUB + HISTOGRAM_SUB + 1)
		<< shift) -
	       1;
}

void histogram_add(struct histogram *h, uint64_t ns)
{
	h->bucket[bucket_of(ns)]++;
	h->cnt++;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

uint64_t histogram_quantile_ns(const struct histogram *h, double part)
{
	uint64_t rank = (uint64_t)ceil(part * (double)h->cnt), seen = 0;

	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen && seen >= rank)
			return last_of(i) < h->max_ns ? last_of(i) : h->max_ns;
	}
	return h->max_ns;
}
