// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_statistics_double.h>

#include "sim_draw.h"

/* shared: what slowed this round down for all sides, 0 on average. */
static double draw_textbook(gsl_rng *rng, const struct sim_dist *d,
			    double shared)
{
	double off = gsl_ran_gaussian(rng, d->wide);

	if (!strcmp(d->kind, "lognormal"))
		return exp(off);
	if (!strcmp(d->kind, "bimodal") && gsl_rng_uniform(rng) < 0.2)
		return 1.1 + off;
	if (!strcmp(d->kind, "drift"))
		return (1 + off) * exp(shared);
	return 1 + off;
}

static double draw(gsl_rng *rng, const struct sim_dist *d, double shared)
{
	if (d->cnt)
		return gsl_stats_quantile_from_sorted_data(
			d->sorted, 1, d->cnt, gsl_rng_uniform(rng));
	return SIM_COST_NS * draw_textbook(rng, d, shared);
}

void sim_draw(gsl_rng *rng, const struct sim_dist *d, unsigned int runs,
	      double times, struct sim_cell *out)
{
	out->runs = runs;
	for (unsigned int i = 0; i < runs; i++) {
		double shared = gsl_ran_gaussian(rng, 0.1);

		for (int k = 0; k < 3; k++)
			out->v[k][i] =
				draw(rng, d, shared) * (k == 2 ? times : 1);
	}
}

static double spread(gsl_rng *rng, enum sim_spread how, double value)
{
	bool far = gsl_rng_uniform(rng) < (how == SIM_ONE_WAY ? 2.0 / 3 : 0.5);

	if (how == SIM_THRICE)
		return 1 + 3 * (value - 1);
	if (how == SIM_BOTH_WAYS && far)
		return value < 1 ? 0.7 : 1.5;
	/* Only what lies above the median anyway: that stays. */
	if (how == SIM_ONE_WAY && far && value > 1)
		return 1.5;
	return value;
}

void sim_spread(gsl_rng *rng, struct sim_cell *cell, int k, enum sim_spread how)
{
	for (unsigned int i = 0; i < cell->runs; i++)
		cell->v[k][i] = SIM_COST_NS *
				spread(rng, how, cell->v[k][i] / SIM_COST_NS);
}

/* Which side is measured when in that round. */
static void set_order(gsl_rng *rng, enum sim_order order, unsigned int round,
		      int side[3])
{
	static const int cycle[6][3] = {
		{ 2, 0, 1 }, { 1, 2, 0 }, { 2, 1, 0 },
		{ 0, 2, 1 }, { 1, 0, 2 }, { 0, 1, 2 }
	};

	memcpy(side, cycle[round % 6], sizeof(cycle[0]));
	if (order == SIM_SHUFFLED)
		gsl_ran_shuffle(rng, side, 3, sizeof(*side));
}

void sim_draw_loaded(gsl_rng *rng, const struct sim_dist *d, unsigned int runs,
		     enum sim_order order, struct sim_cell *cell, size_t cnt)
{
	double begin = gsl_rng_uniform(rng);

	for (size_t c = 0; c < cnt; c++)
		sim_draw(rng, d, runs, 1, &cell[c]);
	for (unsigned int i = 0; i < runs; i++) {
		int side[3];

		set_order(rng, order, i, side);
		for (unsigned int at = 0; at < 3; at++) {
			double turn = begin + (3 * i + at) / 18.0;
			double load = 1.05 + 0.05 * sin(2 * M_PI * turn);

			for (size_t c = 0; c < cnt; c++)
				cell[c].v[side[at]][i] *= load;
		}
	}
}
