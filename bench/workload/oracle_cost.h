/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oracle_cost.h - the throughput with the oracle, as a part of that without it.
 */
#ifndef FUSE_EPOCH_WORKLOAD_ORACLE_COST_H
#define FUSE_EPOCH_WORKLOAD_ORACLE_COST_H

#include <stddef.h>

#include <jansson.h>

struct oracle_cost {
	size_t pair_cnt; /* cells that were measured both ways; 0: no more here */
	double median, lower, upper; /* quartiles of the ratios */
};

/* Returns 0 or -ENOMEM. */
int oracle_cost_of(const json_t *cells, struct oracle_cost *cost);

#endif
