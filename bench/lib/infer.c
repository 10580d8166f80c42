// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "infer.h"

/* As R's wilcox.test(): below, counting all orders is quick. */
#define EXACT_BELOW 50
/* Davison and Hinkley, "Bootstrap Methods" (1997), 2.5.2: 1000 and more. */
#define RESAMPLES 1999
#define LEVEL 0.95
#define SEED 1

/* Both sides together, in order. */
struct ranking {
	double *value;
	size_t *order; /* of value */
	size_t cnt;
	double ties; /* sum of t^3 - t over groups of t equal values */
	double a_ranks; /* sum of the ranks of a; equal values share theirs */
};

/* a_cnt values come from a, the others from b. */
static void rank_all(struct ranking *r, size_t a_cnt)
{
	size_t first = 0;

	gsl_sort_index(r->order, r->value, 1, r->cnt);
	while (first < r->cnt) {
		double at = r->value[r->order[first]], t;
		size_t next = first, from_a = 0;

		while (next < r->cnt && r->value[r->order[next]] == at)
			from_a += r->order[next++] < a_cnt;
		t = (double)(next - first);
		r->ties += t * t * t - t;
		/* Ranks count from 1. */
		r->a_ranks += (double)from_a * (double)(first + 1 + next) / 2;
		first = next;
	}
}

/*
 * P(U <= u) when all orders of a's and b's samples are as likely.  Counts, rank
 * by rank, in how many ways j of them can be a's so that u pairs have b below
 * (Mann and Whitney, "On a Test of Whether one of Two Random Variables is
 * Stochastically Larger than the Other", 1947, section 4: the same recurrence).
 * Nothing is subtracted, so that no digits are lost.
 */
static int exact_tail(size_t a_cnt, size_t b_cnt, size_t u, double *p)
{
	size_t row = u + 1, all = a_cnt + b_cnt;
	double *ways = calloc((a_cnt + 1) * row, sizeof(*ways));
	double hits = 0, total = 1;

	if (!ways)
		return -ENOMEM;
	ways[0] = 1;
	for (size_t rank = 1; rank <= all; rank++) {
		for (size_t j = rank < a_cnt ? rank : a_cnt; j; j--) {
			size_t below = rank - j;
			const double *from = &ways[(j - 1) * row];
			double *to = &ways[j * row];

			for (size_t k = below; k <= u && below <= b_cnt; k++)
				to[k] += from[k - below];
		}
	}
	for (size_t k = 0; k <= u; k++)
		hits += ways[a_cnt * row + k];
	for (size_t i = 1; i <= a_cnt; i++)
		total *= (double)(b_cnt + i) / (double)i;
	free(ways);
	*p = hits / total;
	return 0;
}

/*
 * With the correction for ties, and for continuity: Lehmann, "Nonparametrics:
 * Statistical Methods Based on Ranks" (1975), section 1.4, equation 1.32.
 */
static double normal_p(double u, double a_cnt, double b_cnt, double ties)
{
	double all = a_cnt + b_cnt;
	double variance =
		a_cnt * b_cnt / 12 * (all + 1 - ties / (all * (all - 1)));
	double away = fabs(u - a_cnt * b_cnt / 2) - 0.5;

	if (!(variance > 0) || away <= 0)
		return 1;
	return 2 * gsl_cdf_ugaussian_Q(away / sqrt(variance));
}

static int p_of(const struct ranking *r, size_t a_cnt, size_t b_cnt,
		struct rank_test *out)
{
	double pairs = (double)a_cnt * (double)b_cnt;
	double least = out->u < pairs / 2 ? out->u : pairs - out->u;
	int ret;

	out->exact =
		a_cnt < EXACT_BELOW && b_cnt < EXACT_BELOW && !(r->ties > 0);
	if (!out->exact) {
		out->p =
			normal_p(out->u, (double)a_cnt, (double)b_cnt, r->ties);
		return 0;
	}
	ret = exact_tail(a_cnt, b_cnt, (size_t)least, &out->p);
	out->p = out->p < 0.5 ? 2 * out->p : 1;
	return ret;
}

int infer_mann_whitney(const double *a, size_t a_cnt, const double *b,
		       size_t b_cnt, struct rank_test *out)
{
	struct ranking r = { .cnt = a_cnt + b_cnt };
	int ret = -ENOMEM;

	*out = (struct rank_test){ NAN, NAN, false };
	if (!a_cnt || !b_cnt)
		return 0;
	r.value = calloc(r.cnt, sizeof(*r.value));
	r.order = calloc(r.cnt, sizeof(*r.order));
	if (r.value && r.order) {
		memcpy(r.value, a, a_cnt * sizeof(*a));
		memcpy(r.value + a_cnt, b, b_cnt * sizeof(*b));
		rank_all(&r, a_cnt);
		/* Pairs in which a is above b are a's ranks less a's own. */
		out->u = (double)a_cnt * (double)b_cnt -
			 (r.a_ranks - (double)a_cnt * (double)(a_cnt + 1) / 2);
		ret = p_of(&r, a_cnt, b_cnt, out);
	}
	free(r.value);
	free(r.order);
	return ret;
}

/*
 * Ranks, doubled so that shared ones are whole, of rounds times width + 1
 * values; b's is the last of its round.
 */
static int double_ranks(const struct rows *a, const double *b, size_t *rank)
{
	size_t width = a->width + 1, cnt = a->cnt * width, first = 0;
	double *value = calloc(cnt, sizeof(*value));
	size_t *order = calloc(cnt, sizeof(*order));
	int ret = value && order ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < a->cnt; i++) {
		memcpy(value + i * width, a->value + i * a->width,
		       a->width * sizeof(*value));
		value[i * width + a->width] = b[i];
	}
	if (!ret)
		gsl_sort_index(order, value, 1, cnt);
	while (!ret && first < cnt) {
		double at = value[order[first]];
		size_t next = first;

		while (next < cnt && value[order[next]] == at)
			next++;
		for (size_t i = first; i < next; i++)
			rank[order[i]] = first + 1 + next;
		first = next;
	}
	free(value);
	free(order);
	return ret;
}

/*
 * The chances of each sum of ranks, one rank drawn from each round, and from
 * them p.  Nothing is subtracted here either.
 */
static int exact_sum(const size_t *rank, size_t rounds, size_t width,
		     size_t got, double *p)
{
	size_t top = 0, most = 2 * rounds * width * rounds;
	double *chance = calloc(2 * (most + 1), sizeof(*chance));
	double *next = chance + most + 1, below = 0, above = 0;

	if (!chance)
		return -ENOMEM;
	chance[0] = 1;
	for (size_t i = 0; i < rounds; i++) {
		size_t highest = 0;

		memset(next, 0, (most + 1) * sizeof(*next));
		for (size_t k = 0; k < width; k++) {
			size_t r = rank[i * width + k];

			for (size_t sum = 0; sum <= top; sum++)
				next[sum + r] += chance[sum] / (double)width;
			highest = r > highest ? r : highest;
		}
		top += highest;
		memcpy(chance, next, (top + 1) * sizeof(*chance));
	}
	for (size_t sum = 0; sum <= top; sum++) {
		below += sum <= got ? chance[sum] : 0;
		above += sum >= got ? chance[sum] : 0;
	}
	free(chance);
	*p = fmin(1, 2 * fmin(below, above));
	return 0;
}

/* By mean and variance of a rank drawn from each round. */
static double normal_sum(const size_t *rank, size_t rounds, size_t width,
			 size_t got)
{
	double mean = 0, variance = 0, away;

	for (size_t i = 0; i < rounds; i++) {
		double sum = 0, squares = 0;

		for (size_t k = 0; k < width; k++) {
			double r = (double)rank[i * width + k];

			sum += r / (double)width;
			squares += r * r / (double)width;
		}
		mean += sum;
		variance += squares - sum * sum;
	}
	away = fabs((double)got - mean) - 1; /* half a step of 2 */
	if (!(variance > 0) || away <= 0)
		return 1;
	return 2 * gsl_cdf_ugaussian_Q(away / sqrt(variance));
}

int infer_rounds(const struct rows *a, const double *b, double *p)
{
	size_t width = a->width + 1, got = 0;
	size_t *rank = calloc(a->cnt * width + 1, sizeof(*rank));
	int ret = rank ? double_ranks(a, b, rank) : -ENOMEM;

	*p = NAN;
	for (size_t i = 0; !ret && i < a->cnt; i++)
		got += rank[i * width + a->width];
	if (!ret && a->cnt >= EXACT_BELOW)
		*p = normal_sum(rank, a->cnt, width, got);
	else if (!ret && a->cnt)
		ret = exact_sum(rank, a->cnt, width, got, p);
	free(rank);
	return ret;
}

/* Dixon and Mood, "The Statistical Sign Test", 1946. */
double infer_signs(const double *difference, size_t cnt)
{
	unsigned int above = 0, below = 0;

	for (size_t i = 0; i < cnt; i++) {
		above += difference[i] > 0;
		below += difference[i] < 0;
	}
	return fmin(1, 2 * gsl_cdf_binomial_P(above < below ? above : below,
					      0.5, above + below));
}

/*
 * Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979: the
 * smallest of m is held against alpha / m, the next against alpha / (m - 1), up
 * to the first that fails.
 */
int infer_holm(double *p, size_t cnt)
{
	double *known = calloc(2 * cnt + 1, sizeof(*known));
	double *adjusted = known + cnt, highest = 0;
	size_t *order = calloc(cnt + 1, sizeof(*order)), m = 0;
	int ret = known && order ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < cnt; i++)
		if (!isnan(p[i]))
			known[m++] = p[i];
	if (!ret)
		gsl_sort_index(order, known, 1, m);
	for (size_t i = 0; !ret && i < m; i++) {
		double p_here = known[order[i]] * (double)(m - i);

		if (p_here > highest)
			highest = p_here;
		adjusted[order[i]] = highest < 1 ? highest : 1;
	}
	for (size_t i = 0, k = 0; !ret && i < cnt; i++)
		if (!isnan(p[i]))
			p[i] = adjusted[k++];
	free(known);
	free(order);
	return ret;
}

double infer_change(double a, double b)
{
	if (a > 0)
		return b / a - 1;
	return b > 0 ? HUGE_VAL : 0;
}

/* Copies the drawn row into place i of to. */
static void draw_row(const struct rows *from, size_t drawn, double *to,
		     size_t i)
{
	memcpy(to + i * from->width, from->value + drawn * from->width,
	       from->width * sizeof(*to));
}

static double change_of_one(const struct rows *a, const struct rows *b,
			    double *work, gsl_rng *rng)
{
	double *work_b = work + a->cnt * a->width;
	bool together = a->cnt == b->cnt;

	for (size_t i = 0; i < a->cnt; i++) {
		size_t drawn = gsl_rng_uniform_int(rng, a->cnt);

		draw_row(a, drawn, work, i);
		if (together)
			draw_row(b, drawn, work_b, i);
	}
	for (size_t i = 0; !together && i < b->cnt; i++)
		draw_row(b, gsl_rng_uniform_int(rng, b->cnt), work_b, i);
	/* gsl_stats_median() puts its input in another order. */
	return infer_change(gsl_stats_median(work, 1, a->cnt * a->width),
			    gsl_stats_median(work_b, 1, b->cnt * b->width));
}

/*
 * The percentile interval: Efron and Tibshirani, "An Introduction to the
 * Bootstrap" (1993), chapter 13.  Its ends are drawn values, not values between
 * two, as one of those may be infinite.
 */
static void interval_of(double *drawn, struct change *out)
{
	double tail = (1 - LEVEL) / 2 * (RESAMPLES + 1);

	gsl_sort(drawn, 1, RESAMPLES);
	out->low = drawn[(size_t)tail - 1];
	out->high = drawn[RESAMPLES - (size_t)tail];
}

int infer_change_of(const struct rows *a, const struct rows *b,
		    struct change *out)
{
	size_t a_cnt = a->cnt * a->width, b_cnt = b->cnt * b->width;
	double *drawn, *work;
	gsl_rng *rng;
	int ret = -ENOMEM;

	*out = (struct change){ NAN, NAN, NAN };
	if (!a_cnt || !b_cnt)
		return 0;
	rng = gsl_rng_alloc(gsl_rng_taus2);
	drawn = calloc(RESAMPLES + a_cnt + b_cnt, sizeof(*drawn));
	if (rng && drawn) {
		gsl_rng_set(rng, SEED);
		work = drawn + RESAMPLES;
		for (size_t i = 0; i < RESAMPLES; i++)
			drawn[i] = change_of_one(a, b, work, rng);
		interval_of(drawn, out);
		memcpy(work, a->value, a_cnt * sizeof(*work));
		memcpy(work + a_cnt, b->value, b_cnt * sizeof(*work));
		out->value =
			infer_change(gsl_stats_median(work, 1, a_cnt),
				     gsl_stats_median(work + a_cnt, 1, b_cnt));
		ret = 0;
	}
	if (rng)
		gsl_rng_free(rng);
	free(drawn);
	return ret;
}
