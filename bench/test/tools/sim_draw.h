/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sim_draw.h - draws samples of three sides whose truth is known.
 */
#ifndef FUSE_EPOCH_TEST_SIM_DRAW_H
#define FUSE_EPOCH_TEST_SIM_DRAW_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

#define SIM_RUNS_MAX 30
#define SIM_COST_NS 1e6 /* of what isn't measured: its median */
#define SIM_SAMPLES_MAX 64

struct sim_dist {
	char name[80];
	const char *kind; /* "normal", ..., or "measured" */
	double wide; /* standard deviation, of 1 */
	double sorted[SIM_SAMPLES_MAX]; /* measured: its samples */
	size_t cnt;
};

/* One number of a comparison. */
struct sim_cell {
	double v[3][SIM_RUNS_MAX]; /* A, A', B */
	unsigned int runs;
};

/* How a side spreads more, about the same median; not for measured samples. */
enum sim_spread {
	SIM_ALIKE, /* it doesn't */
	SIM_THRICE, /* three times as wide */
	SIM_BOTH_WAYS, /* half of the samples far above or below */
	SIM_ONE_WAY, /* a third of them far above */
	SIM_SPREAD_MAX
};

/* In which order the sides of a round are measured. */
enum sim_order {
	SIM_CYCLED, /* all six orders, one after another */
	SIM_SHUFFLED, /* each round's for itself */
	SIM_ORDER_MAX
};

/* B costs times as much. */
void sim_draw(gsl_rng *rng, const struct sim_dist *d, unsigned int runs,
	      double times, struct sim_cell *out);

/* Makes side k of a drawn cell spread more. */
void sim_spread(gsl_rng *rng, struct sim_cell *cell, int k,
		enum sim_spread how);

/*
 * Draws cnt cells of one session, all alike, on a machine with another load, which
 * comes and goes once in six rounds: all takes up to a tenth longer.
 */
void sim_draw_loaded(gsl_rng *rng, const struct sim_dist *d, unsigned int runs,
		     enum sim_order order, struct sim_cell *cell, size_t cnt);

#endif
