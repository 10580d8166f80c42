// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/fs/reap.h"
#include "bench/lib/opcode.h"
#include "bench/lib/pulse.h"

static void beats_while_it_changes(void **state)
{
	struct pulse p = { .idle_ns = 10 };

	(void)state;
	for (uint64_t now = 1000; now < 2000; now += 9)
		assert_true(pulse_beats(&p, now, now));
	/* A fall is a change, too. */
	assert_true(pulse_beats(&p, 1, 3000));
	assert_true(pulse_beats(&p, 1, 3009));
	assert_false(pulse_beats(&p, 1, 3010));
	assert_true(pulse_beats(&p, 2, 4000));
}

static _Atomic uint64_t op_cnt[OPCODE_MAX];

/* Works for much longer than it may stand still, with pauses between. */
static void a_daemon_that_works_is_waited_for(void **state)
{
	struct timespec pause = { .tv_nsec = 100000000 };
	struct reap r = { .op_cnt = op_cnt, .idle_ns = 3000000000 };
	int status = -1;

	(void)state;
	r.pid = fork();
	if (!r.pid) {
		for (int i = 0; i < 35; i++) {
			for (volatile int k = 0; k < 100000; k++)
				;
			nanosleep(&pause, NULL);
		}
		_exit(7);
	}
	assert_true(reap(&r, &status, NULL));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void a_daemon_that_stands_still_isnt(void **state)
{
	_Atomic uint32_t hurry = 1;
	struct reap r = { .op_cnt = op_cnt,
			  .hurry = &hurry, /* so that the test is short */
			  .idle_ns = UINT64_MAX };
	int status;

	(void)state;
	r.pid = fork();
	if (!r.pid) {
		pause();
		_exit(0);
	}
	assert_false(reap(&r, &status, NULL));
	reap_kill(&r, &status, NULL);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beats_while_it_changes),
		cmocka_unit_test(a_daemon_that_works_is_waited_for),
		cmocka_unit_test(a_daemon_that_stands_still_isnt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
