// SPDX-License-Identifier: GPL-2.0-only
/*
 * sim_compare.c - how often is the judge wrong, and what does it find?
 *
 * Draws samples whose truth is known, from textbook distributions and from
 * measured ones (with values between two samples), and judges them as compare
 * does.  The same seed gives the same figures.  Prints JSON Lines:
 *
 *   alarms  comparisons of SIM_CELLS cells, all alike: any called faster or slower
 *   found   comparisons in which one cell of SIM_CELLS was made slower, and was
 *           called slower.  The others are alike, so that Holm asks most of it.
 *   spread  comparisons of one cell, of which one side spreads more, about the
 *           same median: called faster or slower
 *   order   comparisons of SIM_CELLS cells, all alike, under a load with the period of
 *           six rounds: any called faster or slower, by how rounds are ordered
 *   ends    changes of one cell whose 95% interval holds the truth
 */
#include <argp.h>
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "bench/compare/judge.h"
#include "bench/record/record.h"
#include "sim_judge.h"

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

static bool wanted(const struct sim *sim, const char *what)
{
	gsl_rng_set(sim->rng, sim->seed);
	return !sim->what || !strcmp(sim->what, what);
}

static void print_alarms(struct sim *sim, const struct sim_dist *d,
			 unsigned int runs)
{
	struct sim_tally t;

	if (!wanted(sim, "alarms"))
		return;
	t = sim_alarms(sim, d, runs);
	printf("{\"schema\":1,\"what\":\"alarms\",\"samples\":\"%s\","
	       "\"cells\":%d,\"runs\":%u,\"trials\":%u,\"alarms\":%u,"
	       "\"alarms_pct\":%.2f,\"alarms_high_pct\":%.2f}\n",
	       d ? d->name : "measured", SIM_CELLS, runs, t.trials, t.hits,
	       pct(t.hits, t.trials), pct_high(t.hits, t.trials));
	fflush(stdout);
}

static void print_found(struct sim *sim, const struct sim_dist *d,
			unsigned int runs)
{
	struct sim_tally t;
	double least;

	if (!wanted(sim, "found"))
		return;
	t = sim_found(sim, d, runs, 1.05, sim->trials);
	least = sim_least_found(sim, d, runs);
	printf("{\"schema\":1,\"what\":\"found\",\"samples\":\"%s\","
	       "\"cells\":%d,\"runs\":%u,\"trials\":%u,\"slower_pct\":5,"
	       "\"floor_pct\":%.2f,\"found_pct\":%.1f,\"found_low_pct\":%.1f,"
	       "\"quiet_trials\":%u,\"quiet_found\":%u,"
	       "\"least_found_pct\":%g}\n",
	       d->name, SIM_CELLS, runs, t.trials, 100 * t.floor,
	       pct(t.hits, t.trials), pct_low(t.hits, t.trials), t.quiet,
	       t.quiet_hits, least);
	fflush(stdout);
}

static void print_spread(const struct sim *sim, const struct sim_dist *d,
			 unsigned int runs, enum sim_spread how, int side)
{
	static const char *const names[SIM_SPREAD_MAX] = {
		[SIM_THRICE] = "three times as wide",
		[SIM_BOTH_WAYS] = "half far above or below",
		[SIM_ONE_WAY] = "a third far above",
	};
	struct sim_tally t;

	if (!wanted(sim, "spread"))
		return;
	t = sim_spreads(sim, d, runs, how, side);
	printf("{\"schema\":1,\"what\":\"spread\",\"samples\":\"%s\","
	       "\"side\":\"%s\",\"spread\":\"%s\",\"cells\":1,\"runs\":%u,"
	       "\"trials\":%u,\"called\":%u,\"called_pct\":%.2f,"
	       "\"called_high_pct\":%.2f}\n",
	       d->name, side ? "new" : "base", names[how], runs, t.trials,
	       t.hits, pct(t.hits, t.trials), pct_high(t.hits, t.trials));
	fflush(stdout);
}

static void print_order(const struct sim *sim, const struct sim_dist *d,
			unsigned int runs, enum sim_order how)
{
	static const char *const names[SIM_ORDER_MAX] = {
		[SIM_CYCLED] = "cycled",
		[SIM_SHUFFLED] = "shuffled",
	};
	struct sim_tally t;

	if (!wanted(sim, "order"))
		return;
	t = sim_order(sim, d, runs, how);
	printf("{\"schema\":1,\"what\":\"order\",\"samples\":\"%s\","
	       "\"order\":\"%s\",\"cells\":%d,\"runs\":%u,\"trials\":%u,"
	       "\"alarms\":%u,\"alarms_pct\":%.2f,\"alarms_high_pct\":%.2f}\n",
	       d->name, names[how], SIM_CELLS, runs, t.trials, t.hits,
	       pct(t.hits, t.trials), pct_high(t.hits, t.trials));
	fflush(stdout);
}

static void print_ends(const struct sim *sim, const struct sim_dist *d,
		       unsigned int runs)
{
	struct sim_tally t;

	if (!wanted(sim, "ends"))
		return;
	t = sim_ends(sim, d, runs);
	printf("{\"schema\":1,\"what\":\"ends\",\"samples\":\"%s\","
	       "\"runs\":%u,\"trials\":%u,\"held_pct\":%.2f,"
	       "\"held_low_pct\":%.2f,\"held_high_pct\":%.2f}\n",
	       d->name, runs, t.trials, pct(t.hits, t.trials),
	       pct_low(t.hits, t.trials), pct_high(t.hits, t.trials));
	fflush(stdout);
}

/* What isn't about how far samples spread needs no distribution but one. */
static void peculiar(const struct sim *sim, const struct sim_dist *plain,
		     const struct sim_dist *drift, const unsigned int runs[3])
{
	const struct sim_dist *of[] = { plain, drift };

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2; k++)
			for (int side = 0; side <= 2; side += 2)
				for (enum sim_spread s = SIM_THRICE;
				     s < SIM_SPREAD_MAX; s++)
					print_spread(sim, of[i], runs[k], s,
						     side);
	for (enum sim_order o = 0; o < SIM_ORDER_MAX; o++)
		print_order(sim, plain, 15, o);
	for (size_t k = 0; k < 3; k++)
		print_ends(sim, plain, runs[k]);
}

static void textbook(struct sim *sim)
{
#define DIST(n, k, w)                           \
	{                                       \
		.name = n, .kind = k, .wide = w \
	}
	static const struct sim_dist list[] = {
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
	peculiar(sim, &list[1], &list[6], runs);
}

/* A phase of a record with as many samples as compare asks for. */
static void add_measured(struct sim *sim, const struct record *rec,
			 enum phase ph)
{
	struct sim_dist *d = &sim->dist[sim->dist_cnt];

	if (sim->dist_cnt == SIM_DISTS_MAX || rec->exit ||
	    rec->sample_cnt < JUDGE_RUNS_MIN ||
	    rec->sample_cnt > SIM_SAMPLES_MAX)
		return;
	d->kind = "measured";
	d->cnt = rec->sample_cnt;
	for (size_t i = 0; i < d->cnt; i++) {
		d->sorted[i] = (double)RECORD_VALUE(rec, i, phase[ph].cost);
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
		{ "what", 'w', "WHAT", 0,
		  "only alarms, found, spread, order or ends", 0 },
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
