// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/sizes.h"
#include "compare_internal.h"
#include "bench/lib/status.h"

static bool same_key(const struct record *a, const struct record *b)
{
	return a->n == b->n && a->threads == b->threads &&
	       !strcmp(a->case_name, b->case_name) &&
	       !strcmp(a->method, b->method) && !strcmp(a->shape, b->shape) &&
	       !strcmp(a->populate, b->populate) &&
	       !strcmp(a->clock_unit, b->clock_unit);
}

static bool has_fuse(const struct record *rec, const char *fuse)
{
	return !fuse || (!strncmp(rec->host.fuse, fuse, strlen(fuse)) &&
			 strchr(" ", rec->host.fuse[strlen(fuse)]));
}

static bool wanted(const struct match *m, const struct record *rec)
{
	char n[24];

	snprintf(n, sizeof(n), "%llu", (unsigned long long)rec->n);
	return list_has(m->opt->methods, rec->method) &&
	       list_has(m->opt->sizes, n);
}

enum role { ROLE_BASE, ROLE_AGAIN, ROLE_NEW };

static bool has_side(const struct record_set *set, const char *side)
{
	for (size_t i = 0; i < set->cnt; i++)
		if (!strcmp(set->rec[i].side, side))
			return true;
	return false;
}

/* Records that name no side are of whichever the file is. */
static bool plays(const struct match *m, const struct record *rec,
		  enum role role)
{
	bool one = m->base == m->fresh, fuse = m->opt->fuse[0] != NULL;

	if (!has_fuse(rec, m->opt->fuse[role == ROLE_NEW]))
		return false;
	if (role == ROLE_AGAIN)
		return !strcmp(rec->side, "again");
	if (!rec->side[0])
		return !one || fuse;
	if (role == ROLE_BASE)
		return !strcmp(rec->side, "base");
	if (one || has_side(m->fresh, "new"))
		return !strcmp(rec->side, "new");
	return !strcmp(rec->side, "base");
}

static void describe(const struct record *rec, char *buf, size_t len)
{
	snprintf(buf, len, "%s, %s, %s, %llu names", rec->case_name,
		 rec->method, rec->shape, (unsigned long long)rec->n);
}

/* The only record of that role with the key of like, or NULL. */
static int find(struct match *m, const struct record *like, enum role role,
		const struct record **out)
{
	const struct record_set *set = role == ROLE_NEW ? m->fresh : m->base;
	char what[120];

	*out = NULL;
	for (size_t i = 0; i < set->cnt; i++) {
		if (!same_key(&set->rec[i], like) ||
		    !plays(m, &set->rec[i], role))
			continue;
		if (*out) {
			describe(like, what, sizeof(what));
			return compare_refuse(
				m,
				"%s has '%s' twice: give one run, or "
				"choose with --fuse, or join runs that "
				"took turns with epochbench merge",
				set->name, what);
		}
		*out = &set->rec[i];
	}
	return 0;
}

/* When the samples began; the clock of a guest begins anew in each round. */
static void span_of(const struct record *rec, uint64_t *first, uint64_t *last)
{
	*first = UINT64_MAX;
	*last = 0;
	for (size_t i = 0; i < rec->sample_cnt; i++) {
		uint64_t at = rec->sample[i].start_ns;

		*first = at < *first ? at : *first;
		*last = at > *last ? at : *last;
	}
}

/* All of one before all of the other is no turns. */
static bool took_turns(const struct record *a, const struct record *b)
{
	uint64_t first_a, last_a, first_b, last_b;

	span_of(a, &first_a, &last_a);
	span_of(b, &first_b, &last_b);
	return first_a < last_b && first_b < last_a;
}

/* Does the A/A there is say anything about this A/B? */
static const char *why_no_floor(const struct record *base,
				const struct record *again,
				const struct record *fresh)
{
	if (!again || again->exit)
		return "no A/A in the records: measure with scripts/regress "
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

bool compare_cost(const struct compare_cell *c, const struct sample *s,
		  uint64_t *cost)
{
	const struct phase_cost *p = &s->phase[c->phase];

	*cost = c->cpu ? p->driver_cpu_ns + p->daemon_cpu_ns : p->cost;
	return p->used;
}

/* Sample i of the phase; only rounds that all sides finished, if they pair. */
static size_t collect(const struct compare_cell *c, const struct record *rec,
		      double *value)
{
	bool pairs = c->base->sample_cnt == c->fresh->sample_cnt &&
		     (!c->again || c->again->sample_cnt == c->base->sample_cnt);
	size_t cnt = 0;

	for (size_t i = 0; rec && i < rec->sample_cnt; i++) {
		uint64_t cost, other;
		bool use = compare_cost(c, &rec->sample[i], &cost);

		if (pairs)
			use = compare_cost(c, &c->base->sample[i], &other) &&
			      compare_cost(c, &c->fresh->sample[i], &other) &&
			      (!c->again ||
			       compare_cost(c, &c->again->sample[i], &other));
		if (use)
			value[cnt++] = (double)cost;
	}
	return cnt;
}

/* Returns 1 if there is nothing to judge: none of the sides spent any time. */
static int judge_phase(struct compare_cell *c)
{
	const struct record *rec[] = { c->base, c->again, c->fresh };
	struct judge_side side[3];
	double *value[3], sum = 0;
	int ret = 0;

	for (int k = 0; k < 3; k++) {
		size_t room = rec[k] ? rec[k]->sample_cnt : 0;

		value[k] = calloc(room + 1, sizeof(**value));
		if (!value[k])
			ret = -ENOMEM;
		side[k].value = value[k];
		side[k].cnt = value[k] ? collect(c, rec[k], value[k]) : 0;
		for (size_t i = 0; i < side[k].cnt; i++)
			sum += side[k].value[i];
	}
	if (!ret && !(sum > 0))
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
		grown = reallocarray(out->cell, out->cnt + 1, sizeof(*grown));
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
	describe(rec, what, sizeof(what));
	return compare_refuse(
		m,
		"%s has %zu runs of '%s'; at least %d are needed to tell "
		"noise from a change: measure with -r 15, or leave that "
		"out with -n and -m",
		set->name, rec->sample_cnt, what, JUDGE_RUNS_MIN);
}

/* Any record of NEW; the one with the key of like, if there is one. */
static const struct record *some_of_new(const struct match *m,
					const struct record *like)
{
	const struct record *found = NULL;

	for (size_t i = 0; i < m->fresh->cnt; i++) {
		const struct record *rec = &m->fresh->rec[i];

		if (plays(m, rec, ROLE_NEW) && (!found || same_key(rec, like)))
			found = rec;
	}
	return found ? found : like;
}

/* Both sides must have measured it; what failed only in NEW is a failure. */
static int add_gap(struct match *m, const struct record *base,
		   const struct record *fresh)
{
	struct comparison *out = m->out;
	const struct record *bad = base->exit ? base : fresh;
	struct compare_gap *gap;
	char what[120];

	/* Neither side can do that: no news. */
	if (base->exit == STATUS_SKIP && fresh && fresh->exit == STATUS_SKIP)
		return 0;
	gap = reallocarray(out->gap, out->gap_cnt + 1, sizeof(*gap));
	if (!gap)
		return -ENOMEM;
	out->gap = gap;
	gap += out->gap_cnt++;
	gap->base = base;
	gap->fresh = some_of_new(m, base);
	gap->failed = fresh && fresh->exit == STATUS_FAILED && !base->exit;
	if (fresh)
		snprintf(gap->why, sizeof(gap->why), "%s in %s: %s",
			 bad->exit == STATUS_SKIP ? "skipped" : "failed",
			 (bad == base ? m->base : m->fresh)->name, bad->why);
	else
		snprintf(gap->why, sizeof(gap->why), "only in %s",
			 m->base->name);
	out->failed |= gap->failed;
	describe(base, what, sizeof(what));
	fprintf(stderr, "epochbench: compare: %s: %s\n", what, gap->why);
	return 0;
}

static int match_one(struct match *m, const struct record *base)
{
	struct compare_cell c = { .base = base, .cpu = m->opt->cpu };
	int ret = find(m, base, ROLE_NEW, &c.fresh);

	if (!ret)
		ret = find(m, base, ROLE_AGAIN, &c.again);
	if (ret)
		return ret;
	if (!c.fresh || base->exit || c.fresh->exit)
		return add_gap(m, base, c.fresh);
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
	return add_phases(m, &c);
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
	struct match m = { base, fresh, opt, out, err, err_len };
	int ret = 0;

	for (size_t i = 0; !ret && i < base->cnt; i++)
		if (plays(&m, &base->rec[i], ROLE_BASE) &&
		    wanted(&m, &base->rec[i]))
			ret = match_one(&m, &base->rec[i]);
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
