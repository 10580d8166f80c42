/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sim_judge.h - judges drawn samples as compare does, and counts the verdicts.
 */
#ifndef FUSE_EPOCH_TEST_SIM_JUDGE_H
#define FUSE_EPOCH_TEST_SIM_JUDGE_H

#include <stdbool.h>

#include "sim_draw.h"

#define SIM_CELLS 60
#define SIM_DISTS_MAX 256

struct sim {
	gsl_rng *rng;
	unsigned int trials;
	unsigned long seed;
	const char *what; /* only "alarms", ...; NULL: all of them */
	struct sim_dist dist[SIM_DISTS_MAX]; /* the measured ones */
	size_t dist_cnt;
	char **files;
	int file_cnt;
};

struct sim_tally {
	unsigned int trials, hits, quiet, quiet_hits;
	double floor; /* median */
};

/*
 * Comparisons of SIM_CELLS cells, all alike, in which any was called faster or
 * slower.  d is NULL: each cell has one of the measured distributions.
 */
struct sim_tally sim_alarms(const struct sim *sim, const struct sim_dist *d,
			    unsigned int runs);

/* The same on a machine with a load, by the order of the sides. */
struct sim_tally sim_order(const struct sim *sim, const struct sim_dist *d,
			   unsigned int runs, enum sim_order how);

/* Comparisons in which the one cell that costs times as much was called slower. */
struct sim_tally sim_found(const struct sim *sim, const struct sim_dist *d,
			   unsigned int runs, double times,
			   unsigned int trials);

/* The smallest slow-down, in %, of a list that is found in 95 of 100; 0: none. */
double sim_least_found(const struct sim *sim, const struct sim_dist *d,
		       unsigned int runs);

/* A cell of which a side (0: base, both times; 2: new) spreads more: called? */
struct sim_tally sim_spreads(const struct sim *sim, const struct sim_dist *d,
			     unsigned int runs, enum sim_spread how, int side);

/* Intervals of the change of a cell that hold the truth: none. */
struct sim_tally sim_ends(const struct sim *sim, const struct sim_dist *d,
			  unsigned int runs);

#endif
