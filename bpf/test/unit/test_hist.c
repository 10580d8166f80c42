// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bpf/hist.h"
#include "bpf/trace.bpf.h"

/* The text that a histogram becomes; the caller frees it. */
static char *printed(const char *title, const uint64_t *slots, int slot_cnt)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	hist_print(out, title, slots, slot_cnt);
	fclose(out);
	return text;
}

static void counts_are_summed(void **state)
{
	const uint64_t slots[] = { 1, 0, 20, 300 };

	(void)state;
	assert_int_equal(hist_cnt(slots, 4), 321);
	assert_int_equal(hist_cnt(slots, 3), 21);
	assert_int_equal(hist_cnt(slots, 0), 0);
}

static void counts_beyond_32_bits(void **state)
{
	const uint64_t slots[] = { 1ull << 40, 1 };

	(void)state;
	assert_true(hist_cnt(slots, 2) == (1ull << 40) + 1);
}

static void quantiles_of_nothing(void **state)
{
	const uint64_t slots[4] = { 0 };

	(void)state;
	assert_int_equal(hist_quantile_ns(slots, 4, 0.5), 0);
	assert_int_equal(hist_quantile_ns(slots, 4, 1), 0);
	assert_int_equal(hist_quantile_ns(slots, 0, 0.5), 0);
}

/* Whatever the quantile, it is the bound of the only slot. */
static void quantiles_of_one_slot(void **state)
{
	const uint64_t slots[] = { 0, 0, 0, 7, 0 };

	(void)state;
	assert_int_equal(hist_quantile_ns(slots, 5, 0), 16);
	assert_int_equal(hist_quantile_ns(slots, 5, 0.5), 16);
	assert_int_equal(hist_quantile_ns(slots, 5, 1), 16);
}

/* The ranks at which the answer changes. */
static void quantiles_between_slots(void **state)
{
	const uint64_t slots[] = { 50, 0, 49, 1 };

	(void)state;
	assert_int_equal(hist_quantile_ns(slots, 4, 0.5), 2);
	assert_int_equal(hist_quantile_ns(slots, 4, 0.501), 8);
	assert_int_equal(hist_quantile_ns(slots, 4, 0.99), 8);
	assert_int_equal(hist_quantile_ns(slots, 4, 0.991), 16);
}

/* 2^40 doesn't fit in 32 bits. */
static void quantile_in_the_last_slot(void **state)
{
	uint64_t slots[TRACE_SLOTS] = { 0 };

	(void)state;
	slots[TRACE_SLOTS - 1] = 3;
	assert_true(hist_quantile_ns(slots, TRACE_SLOTS, 0.5) == 1ull << 40);
}

static void empty_prints_nothing(void **state)
{
	const uint64_t slots[4] = { 0 };
	char *text;

	(void)state;
	text = printed("fresh", slots, 4);
	assert_string_equal(text, "");
	free(text);
	text = printed("fresh", slots, 0);
	assert_string_equal(text, "");
	free(text);
}

/* Empty slots go at both ends, and stay in the middle. */
static void prints_exactly(void **state)
{
	uint64_t slots[TRACE_SLOTS] = { 0 };
	char *text;

	(void)state;
	slots[9] = 840;
	slots[11] = 210;
	slots[12] = 1;
	text = printed("fresh", slots, TRACE_SLOTS);
	assert_string_equal(
		text, "fresh                         count  distribution\n"
		      "512 ns .. 1.02 us               840  "
		      "|****************************************|\n"
		      "1.02 us .. 2.05 us                0  |                  "
		      "                      |\n"
		      "2.05 us .. 4.1 us               210  |**********        "
		      "                      |\n"
		      "4.1 us .. 8.19 us                 1  |                  "
		      "                      |\n");
	free(text);
}

/* It holds what took no time, too. */
static void the_first_slot_begins_at_zero(void **state)
{
	const uint64_t slots[] = { 2, 0 };
	char *text;

	(void)state;
	text = printed("error", slots, 2);
	assert_string_equal(
		text, "error                         count  distribution\n"
		      "0 ns .. 2 ns                      2  "
		      "|****************************************|\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_summed),
		cmocka_unit_test(counts_beyond_32_bits),
		cmocka_unit_test(quantiles_of_nothing),
		cmocka_unit_test(quantiles_of_one_slot),
		cmocka_unit_test(quantiles_between_slots),
		cmocka_unit_test(quantile_in_the_last_slot),
		cmocka_unit_test(empty_prints_nothing),
		cmocka_unit_test(prints_exactly),
		cmocka_unit_test(the_first_slot_begins_at_zero),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
