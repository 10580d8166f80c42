// SPDX-License-Identifier: GPL-2.0-only
/*
 * Samples in columns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/record/record.h"

#define COST(ph) offsetof(struct sample, phase[ph].cost)

static void add(struct record *rec, enum phase ph, uint64_t cost)
{
	struct sample sample = { .start_ns = 5 };

	sample.phase[ph].cost = cost;
	assert_int_equal(record_add_sample(rec, &sample), 0);
}

static void only_words_that_are_used_take_memory(void **state)
{
	struct record rec = { .n = 1 };

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		add(&rec, i % 2 ? PHASE_STALE : PHASE_NOTIFY, i);
	assert_int_equal(rec.sample_cnt, 1000);
	assert_int_equal(record_trim(&rec), 0);
	assert_int_equal(rec.samples.word_cnt, 3);
	assert_int_equal(rec.samples.word_room, 3);
	assert_int_equal(rec.samples.room, 1000);
	for (uint64_t i = 1; i <= 1000; i++) {
		assert_int_equal(RECORD_VALUE(&rec, i - 1, start_ns), 5);
		assert_int_equal(record_value(&rec, i - 1, COST(PHASE_STALE)),
				 i % 2 ? i : 0);
		assert_int_equal(record_value(&rec, i - 1, COST(PHASE_NOTIFY)),
				 i % 2 ? 0 : i);
	}
	assert_null(record_column(&rec, COST(PHASE_HIT)));
	assert_int_equal(record_value(&rec, 0, COST(PHASE_HIT)), 0);
	record_free(&rec);
}

static void what_is_joined_stands_behind(void **state)
{
	struct record a = { .n = 1 }, b = { .n = 1 };

	(void)state;
	add(&a, PHASE_NOTIFY, 1);
	add(&b, PHASE_HIT, 2);
	add(&b, PHASE_POPULATE, 3);
	assert_int_equal(record_add_samples(&a, &b), 0);
	assert_int_equal(a.sample_cnt, 3);
	assert_int_equal(record_value(&a, 0, COST(PHASE_NOTIFY)), 1);
	assert_int_equal(record_value(&a, 1, COST(PHASE_NOTIFY)), 0);
	assert_int_equal(record_value(&a, 1, COST(PHASE_HIT)), 2);
	assert_int_equal(record_value(&a, 2, COST(PHASE_POPULATE)), 3);
	assert_int_equal(record_compare_samples(&a, 1, &b, 0), 0);
	assert_int_equal(record_compare_samples(&a, 2, &b, 1), 0);
	record_free(&a);
	record_free(&b);
}

/* A word that one record has and the other hasn't, on either side. */
static void each_word_counts(void **state)
{
	struct record a = { .n = 1 }, b = { .n = 1 };

	(void)state;
	add(&a, PHASE_NOTIFY, 1);
	add(&b, PHASE_NOTIFY, 1);
	assert_int_equal(record_compare_samples(&a, 0, &b, 0), 0);
	assert_non_null(record_column_new(&a, COST(PHASE_HIT)));
	assert_int_equal(record_compare_samples(&a, 0, &b, 0), 0);
	record_column_new(&a, COST(PHASE_HIT))[0] = 7;
	assert_true(record_compare_samples(&a, 0, &b, 0) > 0);
	assert_true(record_compare_samples(&b, 0, &a, 0) < 0);
	record_column_new(&b, COST(PHASE_HIT))[0] = 8;
	assert_true(record_compare_samples(&a, 0, &b, 0) < 0);
	record_free(&a);
	record_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_words_that_are_used_take_memory),
		cmocka_unit_test(what_is_joined_stands_behind),
		cmocka_unit_test(each_word_counts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
