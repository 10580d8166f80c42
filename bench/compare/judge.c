// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "judge.h"

const struct judge_rules judge_defaults = {
	.alpha = 0.01,
	.least = 0.01,
	.least_cost = 20, /* ns that looking at it takes */
	.margin = 0.05,
};

const char *verdict_name(enum verdict v)
{
	static const char *const names[VERDICT_MAX] = {
		[VERDICT_SAME] = "same",
		[VERDICT_FASTER] = "faster",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_UNDECIDED] = "undecided",
	};

	return v < VERDICT_MAX ? names[v] : "?";
}

/* What all three have in common in a round: its level. */
static double level_of(const struct judge_side *base,
		       const struct judge_side *again,
		       const struct judge_side *fresh, size_t i)
{
	double level = (base->value[i] + again->value[i] + fresh->value[i]) / 3;

	return level > 0 ? level : 1;
}

/*
 * The samples in work, so that infer may take them.  Where they come in rounds
 * each is divided by its round's level, so that what slowed that round down for
 * all cancels; A and A' lie side by side.
 */
struct aligned {
	bool rounds;
	double *pooled, *base, *again, *fresh;
	struct rows a; /* of pooled */
};

static void align(const struct judge_side *base, const struct judge_side *again,
		  const struct judge_side *fresh, double *work,
		  struct aligned *out)
{
	size_t a_cnt = base->cnt + again->cnt;

	out->rounds = again->cnt == base->cnt && fresh->cnt == base->cnt;
	out->pooled = work;
	out->base = work + a_cnt;
	out->again = out->base + base->cnt;
	out->fresh = out->again + again->cnt;
	for (size_t i = 0; i < base->cnt; i++) {
		double level =
			out->rounds ? level_of(base, again, fresh, i) : 1;

		out->base[i] = base->value[i] / level;
		if (!out->rounds)
			continue;
		out->again[i] = again->value[i] / level;
		out->fresh[i] = fresh->value[i] / level;
		out->pooled[2 * i] = out->base[i];
		out->pooled[2 * i + 1] = out->again[i];
	}
	out->a = out->rounds ? (struct rows){ out->pooled, base->cnt, 2 }
			     : (struct rows){ out->base, a_cnt, 1 };
	if (out->rounds)
		return;
	for (size_t i = 0; i < again->cnt; i++)
		out->again[i] = again->value[i];
	for (size_t i = 0; i < fresh->cnt; i++)
		out->fresh[i] = fresh->value[i];
}

static int measure_p(const struct aligned *al, size_t fresh_cnt, double *p)
{
	struct rank_test test;
	int ret;

	if (al->rounds)
		return infer_rounds(&al->a, al->fresh, p);
	ret = infer_mann_whitney(al->a.value, al->a.cnt, al->fresh, fresh_cnt,
				 &test);
	*p = test.p;
	return ret;
}

/* The far end of the interval: what A/A shows by luck, it may show again. */
static int measure_floor(const struct aligned *al, size_t base_cnt,
			 size_t again_cnt, double *floor)
{
	struct rows a = { al->base, base_cnt, 1 };
	struct rows b = { al->again, again_cnt, 1 };
	struct change c;
	int ret = infer_change_of(&a, &b, &c);

	*floor = fmax(fabs(c.low), fabs(c.high));
	return ret;
}

/* Of two sets together, as they were measured; work has room for both. */
static double median_of(const struct judge_side *one,
			const struct judge_side *two, double *work)
{
	size_t cnt = one->cnt + two->cnt;

	for (size_t i = 0; i < cnt; i++)
		work[i] =
			i < one->cnt ? one->value[i] : two->value[i - one->cnt];
	return cnt ? gsl_stats_median(work, 1, cnt) : NAN;
}

/*
 * Each new sample against base: in its round or, where there are none, against
 * the median of all.  work has room for all of fresh.
 */
static double measure_signs(const struct judge_side *base,
			    const struct judge_side *again,
			    const struct judge_side *fresh, bool rounds,
			    double median, double *work)
{
	for (size_t i = 0; i < fresh->cnt; i++) {
		double level = rounds ? (base->value[i] + again->value[i]) / 2
				      : median;

		work[i] = fresh->value[i] - level;
	}
	return infer_signs(work, fresh->cnt);
}

int judge_cell(const struct judge_side *base, const struct judge_side *again,
	       const struct judge_side *fresh, struct judgement *out)
{
	static const struct judge_side none = { NULL, 0 };
	size_t a_cnt = base->cnt + again->cnt;
	double *work = calloc(2 * a_cnt + fresh->cnt + 1, sizeof(*work));
	struct rows b = { NULL, fresh->cnt, 1 };
	struct aligned al;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!work)
		return -ENOMEM;
	align(base, again, fresh, work, &al);
	b.value = al.fresh;
	ret = infer_change_of(&al.a, &b, &out->change);
	if (!ret)
		ret = measure_floor(&al, base->cnt, again->cnt, &out->floor);
	if (!ret)
		ret = measure_p(&al, fresh->cnt, &out->p);
	out->base = median_of(base, again, work);
	out->fresh = median_of(fresh, &none, work);
	out->p_median =
		measure_signs(base, again, fresh, al.rounds, out->base, work);
	free(work);
	return ret;
}

int judge_chance(const struct judge_side *base, const struct judge_side *again,
		 const struct judge_side *fresh, double *p)
{
	size_t a_cnt = base->cnt + again->cnt;
	double *work = calloc(2 * a_cnt + fresh->cnt + 1, sizeof(*work));
	struct aligned al;
	int ret;

	if (!work)
		return -ENOMEM;
	align(base, again, fresh, work, &al);
	ret = measure_p(&al, fresh->cnt, p);
	free(work);
	return ret;
}

double judge_threshold(const struct judgement *j,
		       const struct judge_rules *rules)
{
	return fmax(j->floor, rules->least);
}

/*
 * Ranks tell that something is different.  Is it the median?  If one side spreads
 * more, and only to one side, or in rounds that it slows down as a whole, the
 * change is one, and sure, with medians that are alike.
 */
static bool is_of_medians(const struct judgement *j,
			  const struct judge_rules *rules)
{
	bool agree =
		j->change.value > 0 ? j->fresh > j->base : j->fresh < j->base;

	return agree && j->p_median < rules->alpha;
}

/* Something is different, and it is sure. */
static void say_change(struct judgement *j, const struct judge_rules *rules)
{
	if (fabs(j->fresh - j->base) < rules->least_cost)
		j->why = "the medians differ by less than the clock can tell";
	else if (!is_of_medians(j, rules))
		j->why = "it isn't the medians that differ: one side spreads "
			 "more";
	else
		j->verdict =
			j->change.value > 0 ? VERDICT_SLOWER : VERDICT_FASTER;
}

static void reach_verdict(struct judgement *j, const struct judge_rules *rules)
{
	bool sure = j->p_holm < rules->alpha;

	j->why = NULL;
	j->verdict = VERDICT_UNDECIDED;
	if (isnan(j->p))
		j->why = "no samples";
	else if (isnan(j->floor))
		j->why = "no A/A: nobody knows how much is noise";
	else if (sure && fabs(j->change.value) > judge_threshold(j, rules))
		say_change(j, rules);
	else if (j->change.low > -rules->margin &&
		 j->change.high < rules->margin)
		j->verdict = VERDICT_SAME;
	else
		j->why = "too noisy to rule out a change that matters";
}

int judge_all(struct judgement *cell, size_t cnt,
	      const struct judge_rules *rules)
{
	double *p = calloc(cnt + 1, sizeof(*p));
	int ret = p ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < cnt; i++)
		p[i] = cell[i].p;
	if (!ret)
		ret = infer_holm(p, cnt);
	for (size_t i = 0; !ret && i < cnt; i++) {
		cell[i].p_holm = p[i];
		reach_verdict(&cell[i], rules);
	}
	free(p);
	return ret;
}
