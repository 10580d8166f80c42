// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "bench/lib/infer.h"

#define CNT(a) (sizeof(a) / sizeof((a)[0]))

static void close_to(double got, double want)
{
	assert_float_equal(got, want, 1e-9);
}

static struct rank_test test_of(const double *a, size_t a_cnt, const double *b,
				size_t b_cnt)
{
	struct rank_test t;

	assert_int_equal(infer_mann_whitney(a, a_cnt, b, b_cnt, &t), 0);
	return t;
}

/* b so that of the 0..cnt * cnt pairs with a = 0, 2, 4 ... it wins u. */
static double p_for(size_t cnt, size_t u)
{
	double a[32], b[32];

	for (size_t i = 0; i < cnt; i++) {
		size_t wins = u > cnt ? cnt : u;

		a[i] = 2 * (double)i;
		/* Same number of wins, other value: no ties. */
		b[i] = 2 * (double)wins - 1 + (double)i / 100;
		u -= wins;
	}
	return test_of(a, cnt, b, cnt).p;
}

/* Only one order of 10 choose 5 is as far out on either side. */
static void apart_is_the_rarest_order(void **state)
{
	const double a[] = { 3, 1, 5, 2, 4 }, b[] = { 60, 70, 90, 80, 100 };
	struct rank_test t = test_of(a, 5, b, 5);

	(void)state;
	close_to(t.u, 25);
	close_to(t.p, 2.0 / 252);
	assert_true(t.exact);
	t = test_of(b, 5, a, 5);
	close_to(t.u, 0);
	close_to(t.p, 2.0 / 252);
}

/* The printed tables of critical values: two-sided 5% and 1%. */
static void agrees_with_the_tables(void **state)
{
	static const struct {
		size_t cnt, at_5_pct, at_1_pct;
	} rows[] = { { 5, 2, 0 },
		     { 9, 17, 11 },
		     { 10, 23, 16 },
		     { 15, 64, 51 },
		     { 20, 127, 105 } };

	(void)state;
	for (size_t i = 0; i < CNT(rows); i++) {
		assert_true(p_for(rows[i].cnt, rows[i].at_5_pct) <= 0.05);
		assert_true(p_for(rows[i].cnt, rows[i].at_5_pct + 1) > 0.05);
		assert_true(p_for(rows[i].cnt, rows[i].at_1_pct) <= 0.01);
		assert_true(p_for(rows[i].cnt, rows[i].at_1_pct + 1) > 0.01);
	}
}

/* Counted the slow way: U of each choice of a_cnt out of all. */
static double p_by_counting(size_t a_cnt, size_t all, double far)
{
	double hits = 0, total = 0;

	for (unsigned int mask = 0; mask < 1U << all; mask++) {
		size_t b_below = 0, u = 0;

		if ((size_t)__builtin_popcount(mask) != a_cnt)
			continue;
		for (size_t i = 0; i < all; i++) {
			if (mask & 1U << i)
				u += b_below;
			else
				b_below++;
		}
		total++;
		hits += fabs((double)u - (double)(a_cnt * (all - a_cnt)) / 2) >=
			far - 1e-9;
	}
	return hits / total;
}

static void exact_is_what_counting_gives(void **state)
{
	const double v[] = { 1, 4, 2, 8, 5, 7, 10, 13, 11, 3, 17, 6 };

	(void)state;
	for (size_t a_cnt = 1; a_cnt < 12; a_cnt++) {
		struct rank_test t = test_of(v, a_cnt, v + a_cnt, 12 - a_cnt);
		double even = (double)(a_cnt * (12 - a_cnt)) / 2;

		close_to(t.p, p_by_counting(a_cnt, 12, fabs(t.u - even)));
	}
}

/* U 13.5 of 16 pairs, groups of 3, 2 and 2 equal values: by the formula. */
static void ties_take_the_normal_law(void **state)
{
	const double a[] = { 1, 2, 2, 3 }, b[] = { 2, 3, 4, 4 };
	struct rank_test t = test_of(a, 4, b, 4);
	double sigma = sqrt(16.0 / 12 * (9 - (24.0 + 6 + 6) / 56));

	(void)state;
	assert_false(t.exact);
	close_to(t.u, 13.5);
	close_to(t.p, erfc((13.5 - 8 - 0.5) / sigma / sqrt(2)));
}

static void all_equal_says_nothing(void **state)
{
	const double a[20] = { 0 };

	(void)state;
	close_to(test_of(a, 9, a + 9, 11).p, 1);
	assert_true(isnan(test_of(a, 0, a, 5).p));
}

/* Two equal values of the same side leave U as it is, but take the other way. */
static void exact_and_normal_meet(void **state)
{
	double a[40], b[40];
	struct rank_test exact, normal;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		a[i] = (double)i;
		b[i] = (double)i + 6.5;
	}
	exact = test_of(a, 40, b, 40);
	a[1] = a[0];
	normal = test_of(a, 40, b, 40);
	assert_true(exact.exact && !normal.exact);
	close_to(exact.u, normal.u);
	assert_true(exact.p > 0.001 && exact.p < 0.05);
	assert_float_equal(exact.p, normal.p, 0.03 * exact.p);
}

/* Each way to pick one of each round, counted: how far out is b's? */
static double rounds_by_counting(const double *v, size_t rounds, double got)
{
	double below = 0, above = 0, total = pow(3, (double)rounds);

	for (unsigned int way = 0; way < total; way++) {
		unsigned int left = way;
		double sum = 0;

		for (size_t i = 0; i < rounds; i++) {
			double at = v[3 * i + left % 3], rank = 0.5;

			for (size_t k = 0; k < 3 * rounds; k++)
				rank += v[k] < at ? 1 : v[k] == at ? 0.5 : 0;
			sum += rank;
			left /= 3;
		}
		below += sum <= got + 1e-9;
		above += sum >= got - 1e-9;
	}
	return fmin(1, 2 * fmin(below, above) / total);
}

static void rounds_are_what_counting_gives(void **state)
{
	/* Rows of A, A', B; two tables have ties. */
	static const double tables[][18] = {
		{ 1, 4, 9, 2, 8, 5, 7, 10, 13, 11, 3, 17, 6, 12, 14, 0, 15,
		  16 },
		{ 3, 4, 4, 1, 1, 3, 4, 3, 4, 2, 3, 1, 3, 6, 5, 2, 5, 4 },
		{ 3, 3, 1, 5, 7, 2, 8, 9, 9, 6, 8, 4, 2, 1, 0, 7, 9, 3 },
	};

	(void)state;
	for (size_t t = 0; t < CNT(tables); t++) {
		const double *v = tables[t];
		double a[12], b[6], got = 0, p;
		struct rows rows = { a, 6, 2 };

		for (size_t i = 0; i < 6; i++) {
			a[2 * i] = v[3 * i];
			a[2 * i + 1] = v[3 * i + 1];
			b[i] = v[3 * i + 2];
			for (size_t k = 0; k < 18; k++)
				got += v[k] < b[i] ? 1 : v[k] == b[i] ? 0.5 : 0;
			got += 0.5;
		}
		assert_int_equal(infer_rounds(&rows, b, &p), 0);
		close_to(p, rounds_by_counting(v, 6, got));
		assert_true(p < 0.5);
	}
}

/* b is the highest of each of 15 rounds: one way of 3^15, on either side. */
static void always_last_is_the_rarest(void **state)
{
	double a[30], b[15], p;
	struct rows rows = { a, 15, 2 };

	(void)state;
	for (size_t i = 0; i < 15; i++) {
		a[2 * i] = (double)i;
		a[2 * i + 1] = (double)i + 0.1;
		b[i] = (double)i + 0.2;
	}
	assert_int_equal(infer_rounds(&rows, b, &p), 0);
	assert_float_equal(p * pow(3, 15), 2, 1e-6);
	rows.cnt = 0;
	assert_int_equal(infer_rounds(&rows, b, &p), 0);
	assert_true(isnan(p));
}

/* The last round, all equal, says nothing but takes the other way to p. */
static void many_rounds_take_the_normal_law(void **state)
{
	double a[100], b[50], exact, normal;
	struct rows rows = { a, 49, 2 };

	(void)state;
	for (size_t i = 0; i < 49; i++) {
		a[2 * i] = sin((double)i * 3);
		a[2 * i + 1] = sin((double)i * 5 + 1);
		b[i] = 0.35 + sin((double)i * 7 + 2);
	}
	a[98] = a[99] = b[49] = 1000;
	assert_int_equal(infer_rounds(&rows, b, &exact), 0);
	rows.cnt = 50;
	assert_int_equal(infer_rounds(&rows, b, &normal), 0);
	assert_true(exact > 0.0001 && exact < 0.05);
	assert_float_equal(exact, normal, 0.1 * exact);
}

static void holm_by_hand(void **state)
{
	double p[] = { 0.03, NAN, 0.01, 0.04, 0.02, 0.9 };

	(void)state;
	assert_int_equal(infer_holm(p, CNT(p)), 0);
	close_to(p[2], 0.05); /* of 5 */
	close_to(p[4], 0.08);
	close_to(p[0], 0.09);
	close_to(p[3], 0.09); /* 0.08, but never below the one before */
	close_to(p[5], 0.9);
	assert_true(isnan(p[1]));
	assert_int_equal(infer_holm(p, 0), 0);
}

static void change_of_nothing(void **state)
{
	(void)state;
	close_to(infer_change(100, 105), 0.05);
	close_to(infer_change(100, 0), -1);
	close_to(infer_change(0, 0), 0);
	assert_true(isinf(infer_change(0, 1)));
}

/* Rounds differ by a factor of ten, and b is 5% above a in each. */
static void what_rounds_share_cancels(void **state)
{
	double a[11], b[11];
	struct rows ra = { a, 11, 1 }, rb = { b, 11, 1 };
	struct change c;

	(void)state;
	for (size_t i = 0; i < 11; i++) {
		a[i] = 100 * pow(10, (double)i / 10);
		b[i] = 1.05 * a[i];
	}
	assert_int_equal(infer_change_of(&ra, &rb, &c), 0);
	close_to(c.value, 0.05);
	close_to(c.low, 0.05);
	close_to(c.high, 0.05);
	rb.cnt = 10; /* no longer pairs */
	assert_int_equal(infer_change_of(&ra, &rb, &c), 0);
	assert_true(c.low < -0.2 && c.high > 0.3);
}

static void rows_are_drawn_whole(void **state)
{
	/* The median of two equal rows is the mean of one of them: 2. */
	const double a[] = { 1, 3, 1, 3 }, b[] = { 4, 4 };
	struct rows ra = { a, 2, 2 }, rb = { b, 2, 1 };
	struct change c;

	(void)state;
	assert_int_equal(infer_change_of(&ra, &rb, &c), 0);
	close_to(c.low, 1);
	close_to(c.value, 1);
	close_to(c.high, 1);
	ra.cnt = 0;
	assert_int_equal(infer_change_of(&ra, &rb, &c), 0);
	assert_true(isnan(c.value) && isnan(c.low) && isnan(c.high));
}

static void same_input_same_interval(void **state)
{
	double a[25], b[24];
	struct rows ra = { a, 25, 1 }, rb = { b, 24, 1 };
	struct change one, two;

	(void)state;
	for (size_t i = 0; i < 25; i++)
		a[i] = 100 + 10 * sin((double)i * 9);
	for (size_t i = 0; i < 24; i++)
		b[i] = 100 + 10 * sin((double)i * 7);
	assert_int_equal(infer_change_of(&ra, &rb, &one), 0);
	assert_int_equal(infer_change_of(&ra, &rb, &two), 0);
	close_to(one.low, two.low);
	close_to(one.high, two.high);
	assert_true(one.low < one.value && one.value < one.high);
}

static void signs_by_hand(void **state)
{
	static const double zeros[3], up[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9e9 };
	static const double most[] = { 1, 1, 1, 0, 1, 1, 1, 1, -9e9, 1 };

	(void)state;
	close_to(infer_signs(zeros, 3), 1);
	close_to(infer_signs(NULL, 0), 1);
	close_to(infer_signs(up, 9), 2 / 512.0);
	close_to(infer_signs(most, 10), 2 * (1 + 9) / 512.0);
	close_to(infer_signs(most, 1), 1); /* 2 / 2 */
}

/* Of 400 intervals around a true 5%, about 380 hold it. */
static void interval_holds_the_truth(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	unsigned int held = 0;

	(void)state;
	gsl_rng_set(rng, 42);
	for (int trial = 0; trial < 400; trial++) {
		double a[15], b[15];
		struct rows ra = { a, 15, 1 }, rb = { b, 15, 1 };
		struct change c;

		for (size_t i = 0; i < 15; i++) {
			a[i] = 100 + gsl_ran_gaussian(rng, 2);
			b[i] = 105 + gsl_ran_gaussian(rng, 2);
		}
		assert_int_equal(infer_change_of(&ra, &rb, &c), 0);
		held += c.low <= 0.05 && 0.05 <= c.high;
	}
	gsl_rng_free(rng);
	assert_in_range(held, 368, 398);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apart_is_the_rarest_order),
		cmocka_unit_test(agrees_with_the_tables),
		cmocka_unit_test(exact_is_what_counting_gives),
		cmocka_unit_test(ties_take_the_normal_law),
		cmocka_unit_test(all_equal_says_nothing),
		cmocka_unit_test(exact_and_normal_meet),
		cmocka_unit_test(rounds_are_what_counting_gives),
		cmocka_unit_test(always_last_is_the_rarest),
		cmocka_unit_test(many_rounds_take_the_normal_law),
		cmocka_unit_test(holm_by_hand),
		cmocka_unit_test(change_of_nothing),
		cmocka_unit_test(what_rounds_share_cancels),
		cmocka_unit_test(rows_are_drawn_whole),
		cmocka_unit_test(same_input_same_interval),
		cmocka_unit_test(signs_by_hand),
		cmocka_unit_test(interval_holds_the_truth),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
