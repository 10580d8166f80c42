// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bench/lib/sizes.h"

static void takes_suffixes(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "1", 1 },	     { "1k", 1000 },
		{ "100K", 100000 },  { "1M", 1000000 },
		{ "1.5M", 1500000 }, { "1.1M", 1100000 },
		{ "0.5k", 500 },     { "4294967295", 4294967295 },
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(
			size_parse(good[i].text, 1, UINT32_MAX, &value), 0);
		assert_int_equal(value, good[i].value);
	}
}

static void refuses_what_is_none(void **state)
{
	static const char *const bad[] = {
		"1.0000001", ".",    "5.00000001k", "",	    " 1",  "-5",
		"+5",	     "1e99", "1e3",	    "0x10", "inf", "nan",
		"k",	     "1.5",  "1.2.3M",	    "1kk",  "1 k", "5G"
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(size_parse(bad[i], 1, UINT32_MAX, &value),
				 -EINVAL);
}

static void refuses_out_of_range(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(size_parse("0", 1, 10, &value), -ERANGE);
	assert_int_equal(size_parse("11", 1, 10, &value), -ERANGE);
	assert_int_equal(
		size_parse("99999999999999999999", 1, UINT32_MAX, &value),
		-ERANGE);
	assert_int_equal(size_parse("10", 1, 10, &value), 0);
	/* Where doubles aren't every whole number, nor fit into 64 bits. */
	assert_int_equal(
		size_parse("18446744073709551616", 1, UINT64_MAX, &value),
		-ERANGE);
	assert_int_equal(size_parse("9007199254740993", 1, UINT64_MAX, &value),
			 -ERANGE);
}

static void reads_lists(void **state)
{
	const char *text = "1k,100k,1M", *bad;
	uint64_t value[4];

	(void)state;
	assert_int_equal(size_parse_list(text, 1, 10000000, value, 4, &bad), 3);
	assert_int_equal(value[0], 1000);
	assert_int_equal(value[1], 100000);
	assert_int_equal(value[2], 1000000);
}

static void names_the_bad_item(void **state)
{
	const char *text = "1k,x,1M", *bad;
	uint64_t value[4];

	(void)state;
	assert_int_equal(size_parse_list(text, 1, 10000000, value, 4, &bad),
			 -EINVAL);
	assert_ptr_equal(bad, text + 3);
	assert_int_equal(size_parse_list("1k,", 1, 10000000, value, 4, &bad),
			 -EINVAL);
	assert_int_equal(size_parse_list("1,2,3", 1, 10, value, 2, &bad),
			 -E2BIG);
}

static void reads_durations(void **state)
{
	uint64_t ns;

	(void)state;
	assert_int_equal(duration_parse("10ms", &ns), 0);
	assert_int_equal(ns, 10000000);
	assert_int_equal(duration_parse("1.5s", &ns), 0);
	assert_int_equal(ns, 1500000000);
	assert_int_equal(duration_parse("7us", &ns), 0);
	assert_int_equal(ns, 7000);
	assert_int_equal(duration_parse("0", &ns), 0);
	assert_int_equal(ns, 0);
	assert_int_equal(duration_parse("5", &ns), -EINVAL);
	assert_int_equal(duration_parse("-5s", &ns), -EINVAL);
	assert_int_equal(duration_parse("ms", &ns), -EINVAL);
}

static void reads_whole_numbers(void **state)
{
	static const char *const bad[] = { "",	  " 1", "+1", "-1", "1.0",
					   "0x1", "1k", "1 ", "a",  "1e1" };
	uint64_t value;

	(void)state;
	assert_int_equal(whole_parse("0", 0, 10, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(
		whole_parse("18446744073709551615", 0, UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(
		whole_parse("18446744073709551616", 0, UINT64_MAX, &value),
		-ERANGE);
	assert_int_equal(whole_parse("11", 0, 10, &value), -ERANGE);
	assert_int_equal(whole_parse("5", 6, 10, &value), -ERANGE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(whole_parse(bad[i], 0, 10, &value), -EINVAL);
}

static void reads_real_numbers(void **state)
{
	static const char *const bad[] = { "",	  ".",	  "-1",	 "+1",
					   "inf", "nan",  "1e1", "0x1p3",
					   " 1",  "1..2", "1s",	 "1,5" };
	double value;

	(void)state;
	assert_int_equal(real_parse("0.5", 0, 1, &value), 0);
	assert_true(value == 0.5);
	assert_int_equal(real_parse(".5", 0, 1, &value), 0);
	assert_int_equal(real_parse("1", 0, 1, &value), 0);
	assert_int_equal(real_parse("1.01", 0, 1, &value), -ERANGE);
	assert_int_equal(real_parse("0", 0.1, 1, &value), -ERANGE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(real_parse(bad[i], 0, 10, &value), -EINVAL);
}

static void takes_digits(void **state)
{
	const char *text = "12ffG", *before = text;
	uint64_t value;

	(void)state;
	assert_true(digits_take(&text, 10, 100, &value));
	assert_int_equal(value, 12);
	assert_string_equal(text, "ffG");
	assert_false(digits_take(&text, 10, 100, &value));
	assert_true(digits_take(&text, 16, 255, &value));
	assert_int_equal(value, 255);
	assert_string_equal(text, "G");
	text = before;
	assert_false(digits_take(&text, 10, 11, &value));
	assert_ptr_equal(text, before);
	assert_false(digits_take(&text, 10, 0, &value));
	text = "fFfFfFfFfFfFfFfF";
	assert_true(digits_take(&text, 16, UINT64_MAX, &value));
	assert_true(value == UINT64_MAX);
	text = "10000000000000000";
	assert_false(digits_take(&text, 16, UINT64_MAX, &value));
}

static void finds_names_in_lists(void **state)
{
	(void)state;
	assert_true(list_has("umount,total", "total"));
	assert_true(list_has("umount,total", "umount"));
	assert_false(list_has("total", "tota"));
	assert_false(list_has("tota", "total"));
	assert_false(list_has("", "total"));
	assert_true(list_has(NULL, "total"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_suffixes),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(refuses_out_of_range),
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(names_the_bad_item),
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(reads_whole_numbers),
		cmocka_unit_test(reads_real_numbers),
		cmocka_unit_test(takes_digits),
		cmocka_unit_test(finds_names_in_lists),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
