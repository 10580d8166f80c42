// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bpf/sample.h"

static void deltas(void **state)
{
	struct sample_mount before = { .dev = 52, .hit_cnt = 100 };
	struct sample_mount after = { .dev = 52, .hit_cnt = 130 };
	struct sample old = { .ns = 5, .cnt = 1, .mounts = &before };
	struct sample new = { .ns = 9, .cnt = 1, .mounts = &after };
	struct sample *s;

	(void)state;
	before.c.outcome_cnt[TRACE_FRESH] = 7;
	after.c.outcome_cnt[TRACE_FRESH] = 8;
	before.c.outcome_cnt[TRACE_ERROR] = 1;
	after.c.outcome_cnt[TRACE_ERROR] = 3;
	before.c.torn_cnt = 10; /* the last field */
	after.c.torn_cnt = 14;
	before.c.cascade_ns = 1ull << 40;
	after.c.cascade_ns = 1ull << 41;
	before.hist.slots[0][0] = 1;
	after.hist.slots[0][0] = 6;
	before.hist.slots[TRACE_OUTCOMES - 1][TRACE_SLOTS - 1] = 2;
	after.hist.slots[TRACE_OUTCOMES - 1][TRACE_SLOTS - 1] = 8;
	before.spreads.of[TRACE_SPREADS - 1].slots[TRACE_BOUNDS] = 4;
	after.spreads.of[TRACE_SPREADS - 1].slots[TRACE_BOUNDS] = 9;
	before.epoch = 3;
	after.epoch = 4;
	old.missed_cnt = 2;
	new.missed_cnt = 5;
	old.unassigned_cnt = 1;
	new.unassigned_cnt = 3;
	old.lost[TRACE_LOST_STATE] = 4;
	new.lost[TRACE_LOST_STATE] = 11;
	s = sample_between(&old, &new);
	assert_int_equal(s->ns, 9);
	assert_int_equal(s->missed_cnt, 3);
	assert_int_equal(s->unassigned_cnt, 2);
	assert_int_equal(s->lost[TRACE_LOST_STATE], 7);
	assert_int_equal(s->lost[TRACE_LOST_EVENTS], 0);
	assert_int_equal(s->cnt, 1);
	assert_int_equal(s->mounts[0].dev, 52);
	assert_int_equal(s->mounts[0].hit_cnt, 30);
	assert_int_equal(s->mounts[0].c.outcome_cnt[TRACE_FRESH], 1);
	assert_int_equal(s->mounts[0].c.outcome_cnt[TRACE_ERROR], 2);
	assert_int_equal(s->mounts[0].c.torn_cnt, 4);
	assert_true(s->mounts[0].c.cascade_ns == 1ull << 40);
	assert_int_equal(s->mounts[0].hist.slots[0][0], 5);
	assert_int_equal(
		s->mounts[0].hist.slots[TRACE_OUTCOMES - 1][TRACE_SLOTS - 1],
		6);
	assert_int_equal(
		s->mounts[0].spreads.of[TRACE_SPREADS - 1].slots[TRACE_BOUNDS],
		5);
	/* Not a sum: that of now. */
	assert_int_equal(s->mounts[0].epoch, 4);
	/* What it was made of is left alone. */
	assert_int_equal(after.hit_cnt, 130);
	assert_int_equal(before.hit_cnt, 100);
	sample_free(s);
}

/* Of all mounts that there are, in their order. */
static void a_mount_without_counts(void **state)
{
	static const struct trace_life few[] = { { 3, 0 }, { 7, 1 }, { 9, 0 } };
	static const struct trace_life more[] = {
		{ 7, 1 }, { 7, 1 }, { 8, 0 }, { 8, 0 }, { 9, 2 }
	};
	struct sample *s = calloc(1, sizeof(*s));

	(void)state;
	assert_int_equal(sample_add(s, few, 3), 0);
	sample_find(s, 7, 1)->hit_cnt = 5;
	assert_int_equal(sample_add(s, more, 5), 0);
	assert_int_equal(s->cnt, 5);
	assert_int_equal(s->mounts[0].dev, 3);
	assert_int_equal(s->mounts[4].dev, 9);
	assert_int_equal(s->mounts[4].generation, 2);
	assert_int_equal(sample_find(s, 7, 1)->hit_cnt, 5);
	assert_int_equal(sample_find(s, 8, 0)->hit_cnt, 0);
	assert_null(sample_find(s, 7, 0));
	sample_free(s);
}

/* What one has counted isn't taken off another that has its number. */
static void generations_are_told_apart(void **state)
{
	struct sample_mount before[] = { { .dev = 1, .hit_cnt = 1000 } };
	struct sample_mount after[] = {
		{ .dev = 1, .hit_cnt = 1007, .gone_ns = 5 },
		{ .dev = 1, .generation = 1, .hit_cnt = 10 },
	};
	struct sample old = { .cnt = 1, .mounts = before };
	struct sample new = { .cnt = 2, .mounts = after };
	struct sample *s = sample_between(&old, &new);

	(void)state;
	assert_int_equal(sample_find(s, 1, 0)->hit_cnt, 7);
	assert_int_equal(sample_find(s, 1, 1)->hit_cnt, 10);
	sample_free(s);
}

/* Only what a sample says; and what it was called stays known. */
static void the_end_of_a_mount(void **state)
{
	struct sample_mount before[] = { { .dev = 1, .epoch = 7 } };
	struct sample_mount after[] = {
		{ .dev = 1, .gone_ns = 5 },
		{ .dev = 1, .generation = 1 },
	};
	struct trace_life life = { .dev = 1, .generation = 1 };
	struct sample old = { .cnt = 1, .mounts = before };
	struct sample new = {
		.cnt = 2, .mounts = after, .life_cnt = 1, .lives = &life
	};

	(void)state;
	assert_int_equal(sample_generation(&old, 1), 0);
	assert_int_equal(sample_generation(&new, 1), 1);
	assert_int_equal(sample_generation(&new, 2), 0);
	sample_follow(&old, &new);
	assert_int_equal(after[0].epoch, 7);
	assert_int_equal(after[1].epoch, 0);
}

/* For a time after it was read first; what lives is read anew. */
static void what_is_gone_is_kept_for_a_while(void **state)
{
	struct sample_mount mounts[] = {
		{ .dev = 1, .hit_cnt = 3, .gone_ns = 1000 },
		{ .dev = 1, .generation = 1, .hit_cnt = 4 },
		{ .dev = 2, .hit_cnt = 5, .gone_ns = 1500 },
	};
	struct sample old = { .ns = 1500, .cnt = 3, .mounts = mounts };
	struct sample *new = calloc(1, sizeof(*new));

	(void)state;
	new->ns = 2000;
	assert_int_equal(sample_keep_gone(&old, new, 1000), 0);
	assert_int_equal(new->cnt, 1);
	assert_int_equal(sample_find(new, 2, 0)->hit_cnt, 5);
	assert_int_equal(sample_find(new, 2, 0)->gone_ns, 1500);
	assert_int_equal(sample_keep_gone(&old, new, 0), 0);
	assert_int_equal(new->cnt, 1);
	sample_free(new);
}

static void maxima_are_the_new_ones(void **state)
{
	struct sample_mount before = { .dev = 1 }, after = { .dev = 1 };
	struct sample old = { .cnt = 1, .mounts = &before };
	struct sample new = { .cnt = 1, .mounts = &after };
	struct sample *s;

	(void)state;
	before.c.behind_max_cnt = 3;
	after.c.behind_max_cnt = 5;
	before.c.cascade_max_ns = 1000;
	after.c.cascade_max_ns = 1000;
	s = sample_between(&old, &new);
	assert_int_equal(s->mounts[0].c.behind_max_cnt, 5);
	assert_int_equal(s->mounts[0].c.cascade_max_ns, 1000);
	/* And the sums next to them are differences. */
	assert_int_equal(s->mounts[0].c.behind_cnt, 0);
	assert_int_equal(s->mounts[0].c.cascade_dentry_cnt, 0);
	sample_free(s);
}

/* One that was read while it was on its way may be less: not 2^64 - 1. */
static void never_less_than_nothing(void **state)
{
	struct sample_mount before = { .dev = 1, .hit_cnt = 5 };
	struct sample_mount after = { .dev = 1, .hit_cnt = 4 };
	struct sample old = { .cnt = 1, .mounts = &before };
	struct sample new = { .cnt = 1, .mounts = &after };
	struct sample *s;

	(void)state;
	before.c.outcome_cnt[TRACE_FRESH] = 5;
	after.c.outcome_cnt[TRACE_FRESH] = 4;
	s = sample_between(&old, &new);
	assert_int_equal(s->mounts[0].hit_cnt, 0);
	assert_int_equal(s->mounts[0].c.outcome_cnt[TRACE_FRESH], 0);
	sample_free(s);
}

static void a_mount_that_is_new(void **state)
{
	struct sample_mount before[] = { { .dev = 1, .hit_cnt = 10 },
					 { .dev = 9, .hit_cnt = 20 } };
	struct sample_mount after[] = { { .dev = 1, .hit_cnt = 11 },
					{ .dev = 5, .hit_cnt = 7 },
					{ .dev = 9, .hit_cnt = 22 } };
	struct sample old = { .cnt = 2, .mounts = before };
	struct sample new = { .cnt = 3, .mounts = after };
	struct sample *s;

	(void)state;
	after[1].c.behind_max_cnt = 6;
	s = sample_between(&old, &new);
	assert_int_equal(s->cnt, 3);
	assert_int_equal(s->mounts[0].hit_cnt, 1);
	assert_int_equal(s->mounts[1].hit_cnt, 7);
	assert_int_equal(s->mounts[1].c.behind_max_cnt, 6);
	assert_int_equal(s->mounts[2].hit_cnt, 2);
	sample_free(s);
}

static void a_mount_that_vanished(void **state)
{
	struct sample_mount before[] = { { .dev = 1, .hit_cnt = 10 },
					 { .dev = 9, .hit_cnt = 20 } };
	struct sample_mount after[] = { { .dev = 9, .hit_cnt = 22 } };
	struct sample old = { .cnt = 2, .mounts = before };
	struct sample new = { .cnt = 1, .mounts = after };
	struct sample none = { 0 };
	struct sample *s;

	(void)state;
	s = sample_between(&old, &new);
	assert_int_equal(s->cnt, 1);
	assert_int_equal(s->mounts[0].dev, 9);
	assert_int_equal(s->mounts[0].hit_cnt, 2);
	sample_free(s);
	s = sample_between(&old, &none);
	assert_int_equal(s->cnt, 0);
	sample_free(s);
}

static void nothing_before(void **state)
{
	struct sample_mount after = { .dev = 1, .hit_cnt = 4 };
	struct sample new = { .missed_cnt = 3, .cnt = 1, .mounts = &after };
	const struct sample none = { 0 };
	struct sample *s;

	(void)state;
	new.lost[TRACE_LOST_COUNTS] = 2;
	s = sample_between(NULL, &new);
	assert_int_equal(s->mounts[0].hit_cnt, 4);
	assert_int_equal(s->missed_cnt, 3);
	assert_int_equal(s->lost[TRACE_LOST_COUNTS], 2);
	assert_ptr_not_equal(s->mounts, &after);
	sample_free(s);
	s = sample_between(&none, &new);
	assert_int_equal(s->mounts[0].hit_cnt, 4);
	sample_free(s);
}

static void finds_by_device(void **state)
{
	struct sample_mount mounts[] = { { .dev = 1 },
					 { .dev = 52 },
					 { .dev = 8u << 20 | 1 },
					 { .dev = 0xffffffff } };
	const struct sample s = { .cnt = 4, .mounts = mounts };
	const struct sample none = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_ptr_equal(sample_find(&s, mounts[i].dev, 0), &mounts[i]);
	assert_null(sample_find(&s, 0, 0));
	assert_null(sample_find(&s, 53, 0));
	assert_null(sample_find(&none, 1, 0));
}

/* A different power of two in each, so that each sum names its parts. */
static void what_is_summed(void **state)
{
	struct sample_mount m = { 0 };
	uint64_t misses = 0, other = 0;

	(void)state;
	for (int i = 0; i < TRACE_OUTCOMES; i++)
		m.c.outcome_cnt[i] = 1u << i;
	for (int i = 0; i < TRACE_NOTIFIES; i++)
		m.c.notify_cnt[i] = 1u << i;
	m.c.rcu_retry_cnt = 1u << 30; /* neither yes nor no */
	m.c.notify_failed_cnt = 1u << 30;
	m.hit_cnt = 1u << 30;
	misses = 1u << TRACE_EPOCH | 1u << TRACE_GONE | 1u << TRACE_CHANGED |
		 1u << TRACE_NEGATIVE | 1u << TRACE_BAD | 1u << TRACE_ERROR;
	assert_int_equal(sample_miss_cnt(&m), misses);
	assert_int_equal(sample_revalidate_cnt(&m),
			 misses | 1u << TRACE_FRESH | 1u << TRACE_RELOOKED);
	other = 1u << TRACE_NOTIFY_UNKNOWN | 1u << TRACE_NOTIFY_POLL |
		1u << TRACE_NOTIFY_STORE | 1u << TRACE_NOTIFY_RETRIEVE |
		1u << TRACE_NOTIFY_DELETE | 1u << TRACE_NOTIFY_RESEND |
		1u << TRACE_NOTIFY_PRUNE;
	assert_int_equal(sample_other_notify_cnt(&m), other);
}

static void what_is_idle(void **state)
{
	struct sample_mount m = { .dev = 5, .epoch = 7 };
	uint64_t *fields = (uint64_t *)&m.c;

	(void)state;
	assert_true(sample_is_idle(&m));
	/* Maxima are of all time. */
	m.c.behind_max_cnt = 3;
	m.c.cascade_max_ns = 9000;
	assert_true(sample_is_idle(&m));
	m.hit_cnt = 1;
	assert_false(sample_is_idle(&m));
	m.hit_cnt = 0;
	/* Any other counter alone is something that happened. */
	for (size_t i = 0; i < sizeof(m.c) / 8; i++) {
		if (&fields[i] == &m.c.behind_max_cnt ||
		    &fields[i] == &m.c.cascade_max_ns)
			continue;
		fields[i] = 1;
		assert_false(sample_is_idle(&m));
		fields[i] = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deltas),
		cmocka_unit_test(a_mount_without_counts),
		cmocka_unit_test(generations_are_told_apart),
		cmocka_unit_test(the_end_of_a_mount),
		cmocka_unit_test(what_is_gone_is_kept_for_a_while),
		cmocka_unit_test(maxima_are_the_new_ones),
		cmocka_unit_test(never_less_than_nothing),
		cmocka_unit_test(a_mount_that_is_new),
		cmocka_unit_test(a_mount_that_vanished),
		cmocka_unit_test(nothing_before),
		cmocka_unit_test(finds_by_device),
		cmocka_unit_test(what_is_summed),
		cmocka_unit_test(what_is_idle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
