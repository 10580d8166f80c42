// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/grow.h"
#include "bench/lib/sizes.h"
#include "compare_internal.h"
#include "bench/lib/status.h"

/* Does one clock tell when they began?  That of a guest begins anew in each. */
static bool one_clock(const struct record *rec)
{
	for (size_t i = 1; i < rec->sample_cnt; i++)
		if (RECORD_VALUE(rec, i, start_ns) <=
		    RECORD_VALUE(rec, i - 1, start_ns))
			return false;
	return true;
}

/* The most samples of a that began between two of b, or before or after all. */
static size_t most_in_a_row(const struct record *a, const struct record *b)
{
	size_t most = 0, row = 0, k = 0;

	for (size_t i = 0; i < a->sample_cnt; i++, row++) {
		size_t before = k;

		while (k < b->sample_cnt &&
		       RECORD_VALUE(b, k, start_ns) <
			       RECORD_VALUE(a, i, start_ns))
			k++;
		if (k != before)
			row = 0;
		most = row + 1 > most ? row + 1 : most;
	}
	return most;
}

/*
 * A side that was measured in one go, or in two, met what there was just then.
 * Where rounds are shuffled, two of a side are neighbours at times; where one is
 * lost, more are.
 */
static bool took_turns(const struct record *a, const struct record *b)
{
	if (!one_clock(a) || !one_clock(b))
		return true; /* merged from rounds, else it would be one */
	return 3 * most_in_a_row(a, b) <= a->sample_cnt &&
	       3 * most_in_a_row(b, a) <= b->sample_cnt;
}

/* Does the A/A there is say anything about this A/B? */
static const char *why_no_floor(const struct record *base,
				const struct record *again,
				const struct record *fresh)
{
	if (!again || again->exit)
		return "no A/A in the records: measure with regress "
		       "--wall";
	if (again->sample_cnt < JUDGE_RUNS_MIN)
		return "fewer than 9 runs of A/A";
	if (strcmp(again->run_id, base->run_id) ||
	    strcmp(fresh->run_id, base->run_id))
		return "A/A is of another session than A/B";
	if (!took_turns(base, again) || !took_turns(base, fresh))
		return "A and B were not measured in turns";
	return NULL;
}

bool compare_cost(const struct compare_cell *c, const struct record *rec,
		  size_t i, uint64_t *cost)
{
	if (c->cpu)
		*cost = RECORD_VALUE(rec, i, phase[c->phase].driver_cpu_ns) +
			RECORD_VALUE(rec, i, phase[c->phase].daemon_cpu_ns);
	else
		*cost = RECORD_VALUE(rec, i, phase[c->phase].cost);
	return RECORD_VALUE(rec, i, phase[c->phase].used);
}

/* Have all sides as many runs?  Then sample i of each is of the same round. */
static bool are_rounds(const struct compare_cell *c)
{
	return c->base->sample_cnt == c->fresh->sample_cnt &&
	       (!c->again || c->again->sample_cnt == c->base->sample_cnt);
}

/* Sample i of the phase; only rounds that all sides finished, if they pair. */
static size_t collect(const struct compare_cell *c, const struct record *rec,
		      double *value)
{
	size_t cnt = 0;

	for (size_t i = 0; rec && i < rec->sample_cnt; i++) {
		uint64_t cost, other;
		bool use = compare_cost(c, rec, i, &cost);

		if (c->rounds)
			use = compare_cost(c, c->base, i, &other) &&
			      compare_cost(c, c->fresh, i, &other) &&
			      (!c->again ||
			       compare_cost(c, c->again, i, &other));
		if (use)
			value[cnt++] = (double)cost;
	}
	return cnt;
}

/* Returns 1 if there is nothing to judge: no side spent time that a clock tells. */
static int judge_phase(struct compare_cell *c)
{
	const struct record *rec[] = { c->base, c->again, c->fresh };
	struct judge_side side[3];
	double *value[3], most = 0;
	int ret = 0;

	for (int k = 0; k < 3; k++) {
		size_t room = rec[k] ? rec[k]->sample_cnt : 0;

		value[k] = calloc(room + 1, sizeof(**value));
		if (!value[k])
			ret = -ENOMEM;
		side[k].value = value[k];
		side[k].cnt = value[k] ? collect(c, rec[k], value[k]) : 0;
		for (size_t i = 0; i < side[k].cnt; i++)
			most = fmax(most, side[k].value[i]);
	}
	if (!ret && most < judge_defaults.least_cost)
		ret = 1;
	if (!ret)
		ret = judge_cell(&side[0], &side[1], &side[2], &c->j);
	for (int k = 0; k < 3; k++)
		free(value[k]);
	return ret;
}

static int add_phases(struct match *m, const struct compare_cell *like)
{
	struct comparison *out = m->out;

	for (enum phase ph = 0; ph < PHASE_MAX; ph++) {
		struct compare_cell c = *like, *grown;
		int ret;

		if (!list_has(m->opt->phases, phase_name(ph)))
			continue;
		c.phase = ph;
		ret = judge_phase(&c);
		if (ret < 0)
			return ret;
		if (ret)
			continue;
		grown = grow(out->cell, out->cnt, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		out->cell = grown;
		grown[out->cnt++] = c;
	}
	return 0;
}

static int check_runs(struct match *m, const struct record_set *set,
		      const struct record *rec)
{
	char what[120];

	if (rec->sample_cnt >= JUDGE_RUNS_MIN)
		return 0;
	compare_describe(rec, what, sizeof(what));
	return compare_refuse(
		m,
		"%s has %zu runs of '%s'; at least %d are needed to tell "
		"noise from a change: measure with -r 15, or leave that "
		"out with -n and -m",
		set->name, rec->sample_cnt, what, JUDGE_RUNS_MIN);
}

static int match_one(struct match *m, const struct record *base)
{
	struct compare_cell c = { .base = base, .cpu = m->opt->cpu };
	int ret = compare_find(m, base, ROLE_NEW, &c.fresh);

	if (!ret)
		ret = compare_find(m, base, ROLE_AGAIN, &c.again);
	if (ret)
		return ret;
	if (!c.fresh)
		return compare_add_absent(m, base, ROLE_BASE);
	if (base->exit || c.fresh->exit)
		return compare_add_unmeasured(m, base, c.fresh);
	ret = compare_check_host(m, base, c.fresh);
	if (!ret && c.again)
		ret = compare_check_host(m, base, c.again);
	if (!ret)
		ret = check_runs(m, m->base, base);
	if (!ret)
		ret = check_runs(m, m->fresh, c.fresh);
	if (ret)
		return ret;
	c.no_floor = why_no_floor(base, c.again, c.fresh);
	if (c.no_floor)
		c.again = NULL;
	c.rounds = are_rounds(&c);
	return add_phases(m, &c);
}

/* Variants of NEW that BASE hasn't got. */
static int match_new(struct match *m, const struct record *fresh)
{
	const struct record *const *rec;
	size_t cnt;

	rec = compare_range(m, m->base, fresh, &cnt);
	for (size_t i = 0; i < cnt; i++)
		if (compare_plays(m, rec[i], ROLE_BASE))
			return 0;
	return fresh->exit == STATUS_SKIP
		       ? 0
		       : compare_add_absent(m, fresh, ROLE_NEW);
}

unsigned int compare_runs_needed(size_t cnt, const struct judge_rules *rules)
{
	unsigned int runs = 1;

	/* The least p of infer_rounds() with three sides. */
	while (2 * pow(3, -(double)runs) * (double)cnt >= rules->alpha)
		runs++;
	return runs;
}

static int reach_verdicts(struct comparison *out)
{
	struct judgement *j = calloc(out->cnt + 1, sizeof(*j));
	int ret = -ENOMEM;

	for (size_t i = 0; j && i < out->cnt; i++)
		j[i] = out->cell[i].j;
	if (j)
		ret = judge_all(j, out->cnt, &out->rules);
	for (size_t i = 0; !ret && i < out->cnt; i++) {
		struct compare_cell *c = &out->cell[i];

		c->j = j[i];
		if (c->j.verdict == VERDICT_UNDECIDED && c->no_floor)
			c->j.why = c->no_floor;
		out->verdict_cnt[c->j.verdict]++;
	}
	free(j);
	return ret;
}

int compare_sets(const struct record_set *base, const struct record_set *fresh,
		 const struct compare_options *opt, struct comparison *out,
		 char *err, size_t err_len)
{
	struct match m = { .base = base,
			   .fresh = fresh,
			   .opt = opt,
			   .out = out,
			   .err = err,
			   .err_len = err_len };
	int ret = compare_index(&m);

	for (size_t i = 0; !ret && i < base->cnt; i++)
		if (compare_plays(&m, &base->rec[i], ROLE_BASE) &&
		    compare_wanted(&m, &base->rec[i]))
			ret = match_one(&m, &base->rec[i]);
	for (size_t i = 0; !ret && i < fresh->cnt; i++)
		if (compare_plays(&m, &fresh->rec[i], ROLE_NEW) &&
		    compare_wanted(&m, &fresh->rec[i]))
			ret = match_new(&m, &fresh->rec[i]);
	if (!ret && !out->cnt && !out->failed)
		ret = compare_refuse(
			&m,
			"%s and %s have no numbers in common: the same "
			"case, method, shape, size, populate and threads "
			"must be in both%s",
			base->name, fresh->name,
			base == fresh ? ", of sides base and new (see "
					"merge --side), or choose with "
					"--fuse BASE,NEW"
				      : "");
	compare_unindex(&m);
	return ret ? ret : reach_verdicts(out);
}

void compare_free(struct comparison *cmp)
{
	free(cmp->cell);
	free(cmp->gap);
	cmp->cell = NULL;
	cmp->gap = NULL;
	cmp->cnt = cmp->gap_cnt = 0;
}
