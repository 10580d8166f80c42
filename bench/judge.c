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

/* A and A' side by side, so that a round's samples stay together. */
static void pool(const struct judge_side *base, const struct judge_side *again,
		 double *value, struct rows *out)
{
	bool pairs = again->cnt == base->cnt;

	*out = (struct rows){ value, pairs ? base->cnt : base->cnt + again->cnt,
			      pairs ? 2 : 1 };
	if (!pairs) {
		memcpy(value, base->value, base->cnt * sizeof(*value));
		memcpy(value + base->cnt, again->value,
		       again->cnt * sizeof(*value));
		return;
	}
	for (size_t i = 0; i < base->cnt; i++) {
		value[2 * i] = base->value[i];
		value[2 * i + 1] = again->value[i];
	}
}

/* The far end of the interval: what A/A shows by luck, it may show again. */
static int measure_floor(const struct judge_side *base,
			 const struct judge_side *again, double *floor)
{
	struct rows a = { base->value, base->cnt, 1 };
	struct rows b = { again->value, again->cnt, 1 };
	struct change c;
	int ret = infer_change_of(&a, &b, &c);

	*floor = fmax(fabs(c.low), fabs(c.high));
	return ret;
}

static double median_of(const double *value, size_t cnt, double *work)
{
	memcpy(work, value, cnt * sizeof(*work));
	return cnt ? gsl_stats_median(work, 1, cnt) : NAN;
}

int judge_cell(const struct judge_side *base, const struct judge_side *again,
	       const struct judge_side *fresh, struct judgement *out)
{
	size_t a_cnt = base->cnt + again->cnt;
	double *value = calloc(2 * a_cnt + fresh->cnt + 1, sizeof(*value));
	struct rows a, b = { fresh->value, fresh->cnt, 1 };
	struct rank_test test;
	int ret = -ENOMEM;

	memset(out, 0, sizeof(*out));
	if (!value)
		return -ENOMEM;
	pool(base, again, value, &a);
	ret = infer_change_of(&a, &b, &out->change);
	if (!ret)
		ret = measure_floor(base, again, &out->floor);
	if (!ret)
		ret = infer_mann_whitney(value, a_cnt, fresh->value, fresh->cnt,
					 &test);
	if (!ret) {
		out->p = test.p;
		out->base = median_of(value, a_cnt, value + a_cnt);
		out->fresh = median_of(fresh->value, fresh->cnt, value + a_cnt);
	}
	free(value);
	return ret;
}

double judge_threshold(const struct judgement *j,
		       const struct judge_rules *rules)
{
	return fmax(j->floor, rules->least);
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
	else if (sure && j->change.value > judge_threshold(j, rules))
		j->verdict = VERDICT_SLOWER;
	else if (sure && j->change.value < -judge_threshold(j, rules))
		j->verdict = VERDICT_FASTER;
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
