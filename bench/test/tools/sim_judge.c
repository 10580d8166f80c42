// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "bench/compare/judge.h"
#include "sim_judge.h"

#define QUIET_FLOOR 0.02

static void sides_of(const struct sim_cell *c, struct judge_side side[3])
{
	for (int k = 0; k < 3; k++)
		side[k] = (struct judge_side){ c->v[k], c->runs };
}

static struct judgement judge(const struct sim_cell *c)
{
	struct judge_side side[3];
	struct judgement j;

	sides_of(c, side);
	if (judge_cell(&side[0], &side[1], &side[2], &j))
		abort();
	return j;
}

static double chance(const struct sim_cell *c)
{
	struct judge_side side[3];
	double p;

	sides_of(c, side);
	if (judge_chance(&side[0], &side[1], &side[2], &p))
		abort();
	return p;
}

static bool is_change(const struct judgement *j)
{
	return j->verdict == VERDICT_SLOWER || j->verdict == VERDICT_FASTER;
}

/* Is any of the cells called faster or slower? */
static bool alarm(const struct sim_cell *cell)
{
	struct judgement j[SIM_CELLS];
	double least = 1;

	/* Intervals take long, and Holm begins with the least p times SIM_CELLS. */
	for (size_t i = 0; i < SIM_CELLS; i++)
		least = fmin(least, chance(&cell[i]));
	if (least * SIM_CELLS >= judge_defaults.alpha)
		return false;
	for (size_t i = 0; i < SIM_CELLS; i++)
		j[i] = judge(&cell[i]);
	if (judge_all(j, SIM_CELLS, &judge_defaults))
		abort();
	for (size_t i = 0; i < SIM_CELLS; i++)
		if (is_change(&j[i]))
			return true;
	return false;
}

/* d is NULL: each cell has one of the measured distributions. */
struct sim_tally sim_alarms(const struct sim *sim, const struct sim_dist *d,
			    unsigned int runs)
{
	static struct sim_cell cell[SIM_CELLS];
	struct sim_tally t = { .trials = sim->trials };

	for (unsigned int trial = 0; trial < t.trials; trial++) {
		for (size_t i = 0; i < SIM_CELLS; i++) {
			size_t k = d ? 0
				     : gsl_rng_uniform_int(sim->rng,
							   sim->dist_cnt);

			sim_draw(sim->rng, d ? d : &sim->dist[k], runs, 1,
				 &cell[i]);
		}
		t.hits += alarm(cell);
	}
	return t;
}

struct sim_tally sim_found(const struct sim *sim, const struct sim_dist *d,
			   unsigned int runs, double times, unsigned int trials)
{
	double *floor = calloc(trials, sizeof(*floor));
	struct sim_tally t = { .trials = trials };

	for (unsigned int trial = 0; floor && trial < trials; trial++) {
		struct judgement j[SIM_CELLS];
		struct sim_cell c;
		bool hit, quiet;

		sim_draw(sim->rng, d, runs, times, &c);
		j[0] = judge(&c);
		quiet = j[0].floor <= QUIET_FLOOR;

		for (size_t i = 1; i < SIM_CELLS; i++)
			j[i] = (struct judgement){ .p = 1, .floor = 0 };
		if (judge_all(j, SIM_CELLS, &judge_defaults))
			abort();
		hit = j[0].verdict == VERDICT_SLOWER;
		floor[trial] = j[0].floor;
		t.hits += hit;
		t.quiet += quiet;
		t.quiet_hits += hit && quiet;
	}
	if (floor)
		t.floor = gsl_stats_median(floor, 1, trials);
	free(floor);
	return t;
}

/* side: 0 is base, both times; 2 is new. */
struct sim_tally sim_spreads(const struct sim *sim, const struct sim_dist *d,
			     unsigned int runs, enum sim_spread how, int side)
{
	struct sim_tally t = { .trials = sim->trials };

	for (unsigned int trial = 0; trial < t.trials; trial++) {
		struct sim_cell c;
		struct judgement j;

		sim_draw(sim->rng, d, runs, 1, &c);
		sim_spread(sim->rng, &c, side, how);
		if (side == 0)
			sim_spread(sim->rng, &c, 1, how);
		j = judge(&c);
		if (judge_all(&j, 1, &judge_defaults))
			abort();
		t.hits += is_change(&j);
	}
	return t;
}

struct sim_tally sim_order(const struct sim *sim, const struct sim_dist *d,
			   unsigned int runs, enum sim_order how)
{
	static struct sim_cell cell[SIM_CELLS];
	struct sim_tally t = { .trials = sim->trials };

	for (unsigned int trial = 0; trial < t.trials; trial++) {
		sim_draw_loaded(sim->rng, d, runs, how, cell, SIM_CELLS);
		t.hits += alarm(cell);
	}
	return t;
}

/* The truth is no change. */
struct sim_tally sim_ends(const struct sim *sim, const struct sim_dist *d,
			  unsigned int runs)
{
	struct sim_tally t = { .trials = sim->trials };

	for (unsigned int trial = 0; trial < t.trials; trial++) {
		struct sim_cell c;
		struct judgement j;

		sim_draw(sim->rng, d, runs, 1, &c);
		j = judge(&c);
		t.hits += j.change.low <= 0 && 0 <= j.change.high;
	}
	return t;
}

/* The smallest slow-down of a list that is found in 95 of 100; 0: none. */
double sim_least_found(const struct sim *sim, const struct sim_dist *d,
		       unsigned int runs)
{
	static const double list[] = { 1,  2,  3,  4,  5,  7,  10,  15,
				       20, 25, 30, 40, 50, 70, 100, 200 };
	size_t low = 0, high = sizeof(list) / sizeof(list[0]);

	while (low < high) {
		size_t mid = (low + high) / 2;
		struct sim_tally t = sim_found(
			sim, d, runs, 1 + list[mid] / 100, sim->trials / 5);

		if (100 * t.hits >= 95 * t.trials)
			high = mid;
		else
			low = mid + 1;
	}
	return low < sizeof(list) / sizeof(list[0]) ? list[low] : 0;
}
