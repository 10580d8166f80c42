// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/compare/judge.h"

#define RUNS 15

/* Values around 1000: wide % of noise, the same in each call but for phase. */
static void fill(double *to, double times, double wide_pct, double phase)
{
	for (int i = 0; i < RUNS; i++)
		to[i] = 1000 * times *
			(1 + wide_pct / 100 * sin(i * 2.39 + phase));
}

static struct judgement judge(double again, double fresh, double wide_pct)
{
	double a[RUNS], a2[RUNS], b[RUNS];
	struct judgement j;
	const struct judge_side sides[] = { { a, RUNS },
					    { a2, RUNS },
					    { b, RUNS } };

	fill(a, 1, wide_pct, 0);
	fill(a2, again, wide_pct, 1);
	fill(b, fresh, wide_pct, 2);
	assert_int_equal(judge_cell(&sides[0], &sides[1], &sides[2], &j), 0);
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	return j;
}

static void is(struct judgement j, enum verdict want)
{
	assert_string_equal(verdict_name(j.verdict), verdict_name(want));
	if (want == VERDICT_UNDECIDED)
		assert_non_null(j.why);
	else
		assert_null(j.why);
}

static void a_clear_change_has_a_direction(void **state)
{
	struct judgement j = judge(1, 1.05, 1);

	(void)state;
	is(j, VERDICT_SLOWER);
	assert_float_equal(j.change.value, 0.05, 0.01);
	assert_true(j.change.low < j.change.value);
	assert_true(j.floor > 0 && j.floor < 0.02);
	is(judge(1, 0.95, 1), VERDICT_FASTER);
	is(judge(1, 1, 1), VERDICT_SAME);
}

/* Sure, by U, that b is slower; but A/A is as far apart, without a cause. */
static void below_the_floor_is_no_change(void **state)
{
	struct judgement j = judge(1.04, 1.06, 0.5);

	(void)state;
	assert_true(j.p_holm < 0.01);
	assert_true(j.floor > 0.04);
	assert_true(j.verdict != VERDICT_SLOWER);
	is(judge(1.04, 1.2, 0.5), VERDICT_SLOWER);
}

static void a_small_change_is_no_news(void **state)
{
	struct judgement j = judge(1, 1.007, 0.05);

	(void)state;
	assert_true(j.p_holm < 0.01 && j.floor < 0.007);
	is(j, VERDICT_SAME);
}

static void noise_hides_a_change(void **state)
{
	(void)state;
	is(judge(1, 1, 30), VERDICT_UNDECIDED);
	is(judge(1, 1.05, 30), VERDICT_UNDECIDED);
}

/* Rounds differ by up to 45%, all sides alike: 5% is still seen. */
static void what_a_round_shares_cancels(void **state)
{
	double v[3][RUNS];
	struct judge_side side[3];
	struct judgement j;
	double p;

	(void)state;
	for (int k = 0; k < 3; k++) {
		side[k] = (struct judge_side){ v[k], RUNS };
		fill(v[k], k == 2 ? 1.05 : 1, 1, k);
		for (int i = 0; i < RUNS; i++)
			v[k][i] *= 1 + 0.03 * (i * 7 % 16);
	}
	assert_int_equal(judge_cell(&side[0], &side[1], &side[2], &j), 0);
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_SLOWER);
	assert_true(j.floor < 0.02);
	assert_float_equal(j.change.value, 0.05, 0.01);
	assert_int_equal(judge_chance(&side[0], &side[1], &side[2], &p), 0);
	assert_float_equal(p, j.p, 1e-12);
	side[2].cnt--; /* no rounds: the noise stays */
	assert_int_equal(judge_cell(&side[0], &side[1], &side[2], &j), 0);
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_UNDECIDED);
	assert_true(j.p > 0.05 && j.floor < 0.05);
}

/* Room for 5% on one side alone is enough. */
static void same_rules_out_both_sides(void **state)
{
	struct judgement j = judge(1, 1, 1);

	(void)state;
	j.change.low = -0.06;
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_UNDECIDED);
	j.change.low = -0.01;
	j.change.high = 0.06;
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_UNDECIDED);
	j.change.high = 0.04;
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_SAME);
}

/* What is above the median in B lies far above it: ranks are sure. */
static void more_spread_is_no_change_of_the_median(void **state)
{
	double v[3][RUNS];
	struct judge_side side[3];
	struct judge_rules rules = judge_defaults;
	struct judgement j;

	(void)state;
	rules.alpha = 0.02;
	rules.least = 0.001;
	rules.least_cost = 0;
	for (int k = 0; k < 3; k++) {
		side[k] = (struct judge_side){ v[k], RUNS };
		fill(v[k], 1, 0.8, k);
	}
	for (int i = 0; i < RUNS; i++)
		if (v[2][i] > 1000)
			v[2][i] = 1500;
	assert_int_equal(judge_cell(&side[0], &side[1], &side[2], &j), 0);
	j.floor = 0.001;
	assert_int_equal(judge_all(&j, 1, &rules), 0);
	assert_true(j.p_holm < rules.alpha);
	assert_true(j.change.value > judge_threshold(&j, &rules));
	is(j, VERDICT_UNDECIDED);
	assert_non_null(strstr(j.why, "spreads more"));
	/* All of B is slower, and it spreads more as well. */
	for (int i = 0; i < RUNS; i++)
		v[2][i] *= 1.1;
	assert_int_equal(judge_cell(&side[0], &side[1], &side[2], &j), 0);
	assert_int_equal(judge_all(&j, 1, &rules), 0);
	is(j, VERDICT_SLOWER);
	/* The two medians that are shown say the same, or there is no verdict. */
	j.fresh = j.base - 1;
	assert_int_equal(judge_all(&j, 1, &rules), 0);
	is(j, VERDICT_UNDECIDED);
}

static void without_a_floor_nothing_is_decided(void **state)
{
	double a[RUNS], b[RUNS];
	const struct judge_side base = { a, RUNS }, none = { NULL, 0 };
	const struct judge_side fresh = { b, RUNS };
	struct judgement j;

	(void)state;
	fill(a, 1, 1, 0);
	fill(b, 2, 1, 1);
	assert_int_equal(judge_cell(&base, &none, &fresh, &j), 0);
	assert_int_equal(judge_all(&j, 1, &judge_defaults), 0);
	is(j, VERDICT_UNDECIDED);
	assert_true(j.p < 1e-6);
	assert_true(isnan(j.floor));
	assert_float_equal(j.change.value, 1, 0.05);
}

/* One comparison of many may be wrong by chance: what 1 shows, 1000 don't. */
static void many_cells_ask_for_more(void **state)
{
	struct judgement cell[1000];
	double a[RUNS], a2[RUNS], b[RUNS];
	const struct judge_side sides[] = { { a, RUNS },
					    { a2, RUNS },
					    { b, RUNS } };

	(void)state;
	fill(a, 1, 2, 0);
	fill(a2, 1, 2, 1);
	fill(b, 1.024, 2, 2);
	assert_int_equal(judge_cell(&sides[0], &sides[1], &sides[2], &cell[0]),
			 0);
	cell[0].floor = 0.01;
	for (int i = 1; i < 1000; i++) {
		cell[i] = cell[0];
		cell[i].p = 0.5;
	}
	assert_int_equal(judge_all(cell, 1, &judge_defaults), 0);
	is(cell[0], VERDICT_SLOWER);
	assert_int_equal(judge_all(cell, 1000, &judge_defaults), 0);
	assert_true(cell[0].verdict != VERDICT_SLOWER);
}

/* A phase that isn't there in all samples, or takes no time at all. */
static void zeros_and_gaps(void **state)
{
	double zero[RUNS] = { 0 }, b[RUNS];
	const struct judge_side none = { NULL, 0 }, nil = { zero, RUNS };
	const struct judge_side some = { b, RUNS };
	struct judgement j[3];

	(void)state;
	fill(b, 1, 1, 0);
	assert_int_equal(judge_cell(&nil, &nil, &nil, &j[0]), 0);
	assert_int_equal(judge_cell(&none, &none, &some, &j[1]), 0);
	assert_int_equal(judge_cell(&nil, &nil, &some, &j[2]), 0);
	assert_int_equal(judge_all(j, 3, &judge_defaults), 0);
	is(j[0], VERDICT_SAME);
	is(j[1], VERDICT_UNDECIDED);
	is(j[2], VERDICT_SLOWER); /* from nothing to something */
	assert_true(isinf(j[2].change.value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clear_change_has_a_direction),
		cmocka_unit_test(below_the_floor_is_no_change),
		cmocka_unit_test(a_small_change_is_no_news),
		cmocka_unit_test(noise_hides_a_change),
		cmocka_unit_test(what_a_round_shares_cancels),
		cmocka_unit_test(same_rules_out_both_sides),
		cmocka_unit_test(more_spread_is_no_change_of_the_median),
		cmocka_unit_test(without_a_floor_nothing_is_decided),
		cmocka_unit_test(many_cells_ask_for_more),
		cmocka_unit_test(zeros_and_gaps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
