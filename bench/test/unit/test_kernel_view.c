// SPDX-License-Identifier: GPL-2.0-only
/*
 * When tracer and daemon agree, and what is said if they don't.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/run/kernel_view.h"

static uint64_t op_cnt[OPCODE_MAX];

static struct kernel_counts alike(void)
{
	op_cnt[OPCODE_LOOKUP] = 23;
	op_cnt[OPCODE_FORGET] = 42;
	return (struct kernel_counts){ .lookup_cnt = 23,
				       .forget_cnt = 42,
				       .inc_epoch_cnt = 1,
				       .inval_entry_cnt = 2,
				       .inval_inode_cnt = 4,
				       .other_notify_cnt = 8,
				       .refused_cnt = 3 };
}

static const char *verdict(const struct kernel_counts *k)
{
	static char why[160];

	why[0] = '\0';
	/* 18 messages written, 3 of which were refused. */
	return kernel_view_agrees(k, op_cnt, 18, 3, why, sizeof(why)) ? ""
								      : why;
}

static void says_the_same(void **state)
{
	struct kernel_counts k = alike();

	(void)state;
	assert_string_equal(verdict(&k), "");
}

static void says_what_differs(void **state)
{
	struct kernel_counts k = alike();

	(void)state;
	k.lookup_cnt++;
	assert_string_equal(verdict(&k),
			    "the tracer saw 24 LOOKUPs, the daemon counted 23");
	k = alike();
	k.forget_cnt--;
	assert_string_equal(verdict(&k),
			    "the tracer saw 41 FORGETs, the daemon counted 42");
	k = alike();
	k.refused_cnt = 0;
	assert_string_equal(
		verdict(&k),
		"the tracer saw 0 refused notifications, the daemon counted 3");
}

/* Of each kind one too many. */
static void counts_every_kind_of_notification(void **state)
{
	static const size_t kind[] = {
		offsetof(struct kernel_counts, inc_epoch_cnt),
		offsetof(struct kernel_counts, inval_entry_cnt),
		offsetof(struct kernel_counts, inval_inode_cnt),
		offsetof(struct kernel_counts, other_notify_cnt),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++) {
		struct kernel_counts k = alike();

		++*(uint64_t *)((char *)&k + kind[i]);
		assert_string_equal(verdict(&k),
				    "the tracer saw 16 notifications, the "
				    "daemon counted 15");
	}
}

/* What is known to be too low says nothing. */
static void compares_nothing_that_was_lost(void **state)
{
	struct kernel_counts k = alike();

	(void)state;
	k.lookup_cnt = 1;
	k.lost_cnt = 1;
	assert_string_equal(verdict(&k), "");
}

static void takes_differences(void **state)
{
	struct kernel_counts before = alike(), now = alike(), sum = alike();

	(void)state;
	now.lookup_cnt = 100;
	now.torn_cnt = 7;
	now.refused_cnt = 2; /* still on its way the first time */
	kernel_view_subtract(&now, &before);
	assert_int_equal(now.lookup_cnt, 77);
	assert_int_equal(now.torn_cnt, 7);
	assert_int_equal(now.refused_cnt, 0);
	assert_int_equal(now.forget_cnt, 0);
	kernel_view_add(&sum, &now);
	assert_int_equal(sum.lookup_cnt, 100);
	assert_int_equal(sum.forget_cnt, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_same),
		cmocka_unit_test(says_what_differs),
		cmocka_unit_test(counts_every_kind_of_notification),
		cmocka_unit_test(compares_nothing_that_was_lost),
		cmocka_unit_test(takes_differences),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
