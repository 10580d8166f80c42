// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bpf/hangs.h"

#define S 1000000000ull

static void said_at_first_then_rarely(void **state)
{
	struct hangs h = { .min_ns = S };
	struct trace_notifying n = { .ns = 100 * S, .pid = 7 };
	unsigned int cnt = 0;

	(void)state;
	assert_false(hangs_is_due(&h, &n, 99 * S)); /* read a moment later */
	assert_false(hangs_is_due(&h, &n, 101 * S - 1));
	/* An hour, looked at five times a second. */
	for (uint64_t now = 101 * S; now <= 3700 * S; now += S / 5) {
		cnt += hangs_is_due(&h, &n, now);
		hangs_sweep(&h);
		assert_int_equal(h.cnt, 1);
	}
	assert_int_equal(cnt, 12); /* 1 s, 2 s, 4 s, ... 2048 s */
	hangs_free(&h);
}

/* The next one of a thread is another, and others don't matter. */
static void each_for_itself(void **state)
{
	struct hangs h = { .min_ns = S };
	struct trace_notifying first = { .ns = 1, .pid = 7 };
	struct trace_notifying other = { .ns = 1, .pid = 8 };
	struct trace_notifying next = { .ns = 2, .pid = 7 };

	(void)state;
	assert_true(hangs_is_due(&h, &first, 2 * S));
	assert_true(hangs_is_due(&h, &other, 2 * S));
	assert_false(hangs_is_due(&h, &first, 2 * S));
	assert_true(hangs_is_due(&h, &next, 2 * S));
	hangs_sweep(&h);
	assert_int_equal(h.cnt, 3);
	/* Two have ended; one goes on, and isn't said anew. */
	assert_false(hangs_is_due(&h, &other, 2 * S));
	hangs_sweep(&h);
	assert_int_equal(h.cnt, 1);
	assert_false(hangs_is_due(&h, &other, 3 * S));
	hangs_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_at_first_then_rarely),
		cmocka_unit_test(each_for_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
