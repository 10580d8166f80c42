// SPDX-License-Identifier: GPL-2.0-only
/*
 * sim_compare.c - how often is the judge wrong, and what does it find?
 *
 * Draws samples whose truth is known, from textbook distributions and from
 * measured ones (with values between two samples), and judges them as compare
 * does.  The same seed gives the same figures.  Prints JSON Lines:
 *
 *   alarms  comparisons of CELLS cells, all alike: any called faster or slower
 *   found   comparisons in which one cell of CELLS was made slower, and was
 *           called slower.  The others are alike, so that Holm asks most of it.
 */
#include <argp.h>
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "bench/compare/judge.h"
#include "bench/record/record.h"

#define CELLS 60
#define RUNS_MAX 30
#define DISTS_MAX 256
#define SAMPLES_MAX 64
#define QUIET_FLOOR 0.02

struct dist {
	char name[80];
	const char *kind; /* "normal", ..., or "measured" */
	double wide; /* standard deviation, of 1 */
	double sorted[SAMPLES_MAX]; /* measured: its samples */
	size_t cnt;
};

struct sim {
	gsl_rng *rng;
	unsigned int trials;
	unsigned long seed;
	const char *what; /* only "alarms", or only "found"; NULL: both */
	struct dist dist[DISTS_MAX];
	size_t dist_cnt;
	char **files;
	int file_cnt;
};

/* shared: what slowed this round down for all sides, 0 on average. */
static double draw(const struct sim *sim, const struct dist *d, double shared)
{
	double off = gsl_ran_gaussian(sim->rng, d->wide);

	if (d->cnt)
		return gsl_stats_quantile_from_sorted_data(
			d->sorted, 1, d->cnt, gsl_rng_uniform(sim->rng));
	if (!strcmp(d->kind, "lognormal"))
		return exp(off);
	if (!strcmp(d->kind, "bimodal") && gsl_rng_uniform(sim->rng) < 0.2)
		return 1.1 + off;
	if (!strcmp(d->kind, "drift"))
		return (1 + off) * exp(shared);
	return 1 + off;
}

struct cell {
	double v[3][RUNS_MAX]; /* A, A', B */
	unsigned int runs;
};

/* B costs times as much. */
static void draw_cell(const struct sim *sim, const struct dist *d,
		      unsigned int runs, double times, struct cell *out)
{
	out->runs = runs;
	for (unsigned int i = 0; i < runs; i++) {
		double shared = gsl_ran_gaussian(sim->rng, 0.1);

		for (int k = 0; k < 3; k++)
			out->v[k][i] =
				draw(sim, d, shared) * (k == 2 ? times : 1);
	}
}

static void sides_of(const struct cell *c, struct judge_side side[3])
{
	for (int k = 0; k < 3; k++)
		side[k] = (struct judge_side){ c->v[k], c->runs };
}

static struct judgement judge(const struct cell *c)
{
	struct judge_side side[3];
	struct judgement j;

	sides_of(c, side);
	if (judge_cell(&side[0], &side[1], &side[2], &j))
		abort();
	return j;
}

static double chance(const struct cell *c)
{
	struct judge_side side[3];
	double p;

	sides_of(c, side);
	if (judge_chance(&side[0], &side[1], &side[2], &p))
		abort();
	return p;
}

struct tally {
	unsigned int trials, hits, quiet, quiet_hits;
	double floor; /* median */
};

static double pct(unsigned int part, unsigned int of)
{
	return of ? 100.0 * part / of : NAN;
}

/*
 * The end of the 95% interval of a share: Clopper and Pearson, "The Use of
 * Confidence or Fiducial Limits Illustrated in the Case of the Binomial", 1934.
 */
static double pct_high(unsigned int part, unsigned int of)
{
	return part == of ? 100
			  : 100 * gsl_cdf_beta_Pinv(0.975, part + 1.0,
						    (double)(of - part));
}

static double pct_low(unsigned int part, unsigned int of)
{
	return part ? 100 * gsl_cdf_beta_Pinv(0.025, part, of - part + 1.0) : 0;
}

/* Is any of the cells called faster or slower? */
static bool alarm(const struct cell *cell)
{
	struct judgement j[CELLS];
	double least = 1;

	/* Intervals take long, and Holm begins with the least p times CELLS. */
	for (size_t i = 0; i < CELLS; i++)
		least = fmin(least, chance(&cell[i]));
	if (least * CELLS >= judge_defaults.alpha)
		return false;
	for (size_t i = 0; i < CELLS; i++)
		j[i] = judge(&cell[i]);
	if (judge_all(j, CELLS, &judge_defaults))
		abort();
	for (size_t i = 0; i < CELLS; i++)
		if (j[i].verdict == VERDICT_SLOWER ||
		    j[i].verdict == VERDICT_FASTER)
			return true;
	return false;
}

/* d is NULL: each cell has one of the measured distributions. */
static struct tally alarms(const struct sim *sim, const struct dist *d,
			   unsigned int runs)
{
	static struct cell cell[CELLS];
	struct tally t = { .trials = sim->trials };

	for (unsigned int trial = 0; trial < t.trials; trial++) {
		for (size_t i = 0; i < CELLS; i++) {
			size_t k = d ? 0
				     : gsl_rng_uniform_int(sim->rng,
							   sim->dist_cnt);

			draw_cell(sim, d ? d : &sim->dist[k], runs, 1,
				  &cell[i]);
		}
		t.hits += alarm(cell);
	}
	return t;
}

static struct tally found(const struct sim *sim, const struct dist *d,
			  unsigned int runs, double times, unsigned int trials)
{
	double *floor = calloc(trials, sizeof(*floor));
	struct tally t = { .trials = trials };

	for (unsigned int trial = 0; floor && trial < trials; trial++) {
		struct judgement j[CELLS];
		struct cell c;
		bool hit, quiet;

		draw_cell(sim, d, runs, times, &c);
		j[0] = judge(&c);
		quiet = j[0].floor <= QUIET_FLOOR;

		for (size_t i = 1; i < CELLS; i++)
			j[i] = (struct judgement){ .p = 1, .floor = 0 };
		if (judge_all(j, CELLS, &judge_defaults))
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

/* The smallest slow-down of a list that is found in 95 of 100; 0: none. */
static double least_found(const struct sim *sim, const struct dist *d,
			  unsigned int runs)
{
	static const double list[] = { 1,  2,  3,  4,  5,  7,  10,  15,
				       20, 25, 30, 40, 50, 70, 100, 200 };
	size_t low = 0, high = sizeof(list) / sizeof(list[0]);

	while (low < high) {
		size_t mid = (low + high) / 2;
		struct tally t = found(sim, d, runs, 1 + list[mid] / 100,
				       sim->trials / 5);

		if (pct(t.hits, t.trials) >= 95)
			high = mid;
		else
			low = mid + 1;
	}
	return low < sizeof(list) / sizeof(list[0]) ? list[low] : 0;
}

static void print_alarms(struct sim *sim, const struct dist *d,
			 unsigned int runs)
{
	struct tally t;

	if (sim->what && strcmp(sim->what, "alarms"))
		return;
	gsl_rng_set(sim->rng, sim->seed);
	t = alarms(sim, d, runs);
	printf("{\"schema\":1,\"what\":\"alarms\",\"samples\":\"%s\","
	       "\"cells\":%d,\"runs\":%u,\"trials\":%u,\"alarms\":%u,"
	       "\"alarms_pct\":%.2f,\"alarms_high_pct\":%.2f}\n",
	       d ? d->name : "measured", CELLS, runs, t.trials, t.hits,
	       pct(t.hits, t.trials), pct_high(t.hits, t.trials));
	fflush(stdout);
}

static void print_found(struct sim *sim, const struct dist *d,
			unsigned int runs)
{
	struct tally t;
	double least;

	if (sim->what && strcmp(sim->what, "found"))
		return;
	gsl_rng_set(sim->rng, sim->seed);
	t = found(sim, d, runs, 1.05, sim->trials);
	least = least_found(sim, d, runs);
	printf("{\"schema\":1,\"what\":\"found\",\"samples\":\"%s\","
	       "\"cells\":%d,\"runs\":%u,\"trials\":%u,\"slower_pct\":5,"
	       "\"floor_pct\":%.2f,\"found_pct\":%.1f,\"found_low_pct\":%.1f,"
	       "\"quiet_trials\":%u,\"quiet_found\":%u,"
	       "\"least_found_pct\":%g}\n",
	       d->name, CELLS, runs, t.trials, 100 * t.floor,
	       pct(t.hits, t.trials), pct_low(t.hits, t.trials), t.quiet,
	       t.quiet_hits, least);
	fflush(stdout);
}

static void textbook(struct sim *sim)
{
#define DIST(n, k, w)                           \
	{                                       \
		.name = n, .kind = k, .wide = w \
	}
	static const struct dist list[] = {
		DIST("normal, 1%", "normal", 0.01),
		DIST("normal, 2%", "normal", 0.02),
		DIST("normal, 5%", "normal", 0.05),
		DIST("lognormal, 2%", "lognormal", 0.02),
		DIST("lognormal, 20%", "lognormal", 0.2),
		DIST("bimodal, 1%, and a fifth of them 10% above", "bimodal",
		     0.01),
		DIST("normal, 2%, and 10% that the round shares", "drift",
		     0.02),
	};
	static const unsigned int runs[] = { 9, 15, 30 };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		print_alarms(sim, &list[i], 15);
		for (size_t k = 0; k < sizeof(runs) / sizeof(runs[0]); k++)
			print_found(sim, &list[i], runs[k]);
	}
	print_alarms(sim, &list[1], 9);
	print_alarms(sim, &list[1], 30);
}

/* A phase of a record with as many samples as compare asks for. */
static void add_measured(struct sim *sim, const struct record *rec,
			 enum phase ph)
{
	struct dist *d = &sim->dist[sim->dist_cnt];

	if (sim->dist_cnt == DISTS_MAX || rec->exit ||
	    rec->sample_cnt < JUDGE_RUNS_MIN || rec->sample_cnt > SAMPLES_MAX)
		return;
	d->kind = "measured";
	d->cnt = rec->sample_cnt;
	for (size_t i = 0; i < d->cnt; i++) {
		d->sorted[i] = (double)rec->sample[i].phase[ph].cost;
		if (!(d->sorted[i] > 0)) /* nothing to slow down */
			return;
	}
	gsl_sort(d->sorted, 1, d->cnt);
	snprintf(d->name, sizeof(d->name), "%s, %s, n=%llu, %s", rec->case_name,
		 rec->method, (unsigned long long)rec->n, phase_name(ph));
	sim->dist_cnt++;
}

static void read_measured(struct sim *sim)
{
	struct record *recs = NULL;
	char err[512];
	size_t cnt = 0;

	for (int i = 0; i < sim->file_cnt; i++) {
		if (record_read(sim->files[i], &recs, &cnt, err, sizeof(err)))
			errx(2, "%s", err);
	}
	for (size_t i = 0; i < cnt; i++) {
		for (enum phase ph = 0; ph < PHASE_MAX; ph++)
			add_measured(sim, &recs[i], ph);
		record_free(&recs[i]);
	}
	free(recs);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct sim *sim = state->input;

	switch (key) {
	case 't':
		sim->trials = (unsigned int)strtoul(arg, NULL, 10);
		if (sim->trials < 5)
			argp_error(state, "-t '%s': 5 or more", arg);
		return 0;
	case 'w':
		sim->what = arg;
		return 0;
	case 's':
		sim->seed = strtoul(arg, NULL, 10);
		return 0;
	case ARGP_KEY_ARGS:
		sim->files = &state->argv[state->next];
		sim->file_cnt = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "trials", 't', "N", 0, "comparisons of each kind (2000)", 0 },
		{ "what", 'w', "WHAT", 0, "only alarms, or only found", 0 },
		{ "seed", 's', "N", 0, "of all that is drawn (1)", 0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.args_doc = "[RECORDS...]",
		.doc = "How often is the judge wrong, and what does it find?  "
		       "RECORDS: measured samples to draw from, too.",
	};
	static struct sim sim = { .trials = 2000, .seed = 1 };

	argp_parse(&argp, argc, argv, 0, NULL, &sim);
	sim.rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (!sim.rng)
		return 1;
	read_measured(&sim);
	textbook(&sim);
	if (sim.dist_cnt)
		print_alarms(&sim, NULL, 15);
	for (size_t i = 0; i < sim.dist_cnt; i++)
		print_found(&sim, &sim.dist[i], 15);
	gsl_rng_free(sim.rng);
	return fflush(stdout) ? 1 : 0;
}
