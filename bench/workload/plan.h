/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - which cells are measured, in which order.  Pure.
 */
#ifndef FUSE_EPOCH_WORKLOAD_PLAN_H
#define FUSE_EPOCH_WORKLOAD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAN_WORKLOADS_MAX = 16, PLAN_METHODS_MAX = 24, PLAN_RATES_MAX = 16 };

/* A method, and what it tells of an event. */
struct plan_method {
	unsigned int method; /* index into inval_methods */
	bool changed; /* only what changed, not all names */
};

struct cell {
	unsigned int workload; /* index into workloads; see timeline */
	struct plan_method how;
	double rate_hz; /* 0: the control, or a timeline */
	unsigned int round; /* from 0 */
	uint64_t run_ns;
	bool no_oracle; /* what does it cost?  See events.h */
	bool timeline; /* dip and recovery of the walker alone, one event */
};

/* What the options say. */
struct plan {
	unsigned int workload[PLAN_WORKLOADS_MAX], workload_cnt;
	struct plan_method method[PLAN_METHODS_MAX];
	unsigned int method_cnt;
	double rate_hz[PLAN_RATES_MAX];
	unsigned int rate_cnt;
	unsigned int rounds;
	uint64_t run_ns; /* of a cell, if its rate doesn't need longer */
	bool (*leaves_out)(const struct cell *c); /* this one; NULL: none */
	bool cells, timelines;
	bool oracle_cost; /* each cell with events also without an oracle */
};

/*
 * All cells, from malloc, round by round, in another order in each; a control
 * for each workload and round.  NULL: no memory.
 */
struct cell *plan_cells(const struct plan *p, size_t *cnt);

/* What a cell takes about, in all. */
uint64_t plan_cell_ns(const struct cell *c);

#endif
