// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bench/lib/stats.h"

#define CNT(a) (sizeof(a) / sizeof((a)[0]))

static void close_to(double got, double want)
{
	assert_float_equal(got, want, 1e-9);
}

static void odd_count(void **state)
{
	const uint64_t unsorted[] = { 9, 1, 5, 100, 4 };
	struct stats st;

	(void)state;
	assert_int_equal(stats_of(unsorted, CNT(unsorted), &st), 0);
	assert_int_equal(st.cnt, 5);
	close_to(st.min, 1);
	close_to(st.median, 5);
	close_to(st.mad, 4); /* of 4 4 0 95 1 */
	close_to(st.max, 100);
	assert_int_equal(unsorted[0], 9); /* rounds stay in order */
}

static void even_count_takes_the_middle(void **state)
{
	const uint64_t v[] = { 4, 1, 3, 2 };
	struct stats st;

	(void)state;
	assert_int_equal(stats_of(v, CNT(v), &st), 0);
	close_to(st.median, 2.5);
	close_to(st.mad, 1); /* of 1.5 1.5 0.5 0.5 */
}

static void one_sample_has_no_spread(void **state)
{
	const uint64_t v[] = { 7 };
	struct stats st;

	(void)state;
	assert_int_equal(stats_of(v, 1, &st), 0);
	close_to(st.min, 7);
	close_to(st.median, 7);
	close_to(st.mad, 0);
	close_to(st.max, 7);
}

static void no_sample_is_nan(void **state)
{
	struct stats st;

	(void)state;
	assert_int_equal(stats_of(NULL, 0, &st), 0);
	assert_int_equal(st.cnt, 0);
	assert_true(isnan(st.min) && isnan(st.median) && isnan(st.mad) &&
		    isnan(st.max));
}

static void fractions_aren_t_rounded(void **state)
{
	const double unsorted[] = { 0.9, 0.25, 1.5 };
	struct stats st;

	(void)state;
	assert_int_equal(stats_of_real(unsorted, CNT(unsorted), &st), 0);
	close_to(st.min, 0.25);
	close_to(st.median, 0.9);
	close_to(st.mad, 0.6); /* of 0 0.65 0.6 */
	close_to(st.max, 1.5);
	assert_true(unsorted[0] == 0.9); /* rounds stay in order */
}

/* The ratio of medians would be 10/20; that of the rounds is 2. */
static void ratio_is_within_the_round(void **state)
{
	const uint64_t a[] = { 2, 10, 200 }, b[] = { 1, 20, 100 };

	(void)state;
	close_to(stats_paired_ratio(a, 3, b, 3), 2);
}

static void ratio_uses_common_rounds(void **state)
{
	const uint64_t a[] = { 3, 3, 900 }, b[] = { 1, 1 };

	(void)state;
	close_to(stats_paired_ratio(a, 3, b, 2), 3);
	close_to(stats_paired_ratio(b, 2, a, 3), 1.0 / 3);
}

static void ratio_leaves_out_zero_below(void **state)
{
	const uint64_t a[] = { 5, 8, 0 }, b[] = { 0, 2, 2 };
	const uint64_t zero[] = { 0, 0, 0 };

	(void)state;
	close_to(stats_paired_ratio(a, 3, b, 3), 2); /* of 4 and 0 */
	assert_true(isnan(stats_paired_ratio(a, 3, zero, 3)));
	assert_true(isnan(stats_paired_ratio(a, 0, b, 3)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_count),
		cmocka_unit_test(even_count_takes_the_middle),
		cmocka_unit_test(one_sample_has_no_spread),
		cmocka_unit_test(no_sample_is_nan),
		cmocka_unit_test(fractions_aren_t_rounded),
		cmocka_unit_test(ratio_is_within_the_round),
		cmocka_unit_test(ratio_uses_common_rounds),
		cmocka_unit_test(ratio_leaves_out_zero_below),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
