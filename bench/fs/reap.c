// SPDX-License-Identifier: GPL-2.0-only
#include "reap.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "bench/host/cpu_time.h"
#include "bench/lib/clock.h"
#include "bench/lib/opcode.h"
#include "bench/lib/pulse.h"

/* Whoever interrupts us isn't kept waiting for a daemon that stands still. */
#define HURRY_NS 1000000000ULL

/* Grows while it runs, or takes requests. */
static uint64_t progress_of(const struct reap *r)
{
	uint64_t sum = cpu_time_of(r->pid);

	for (int op = 0; op < OPCODE_MAX; op++)
		sum += r->op_cnt[op];
	return sum;
}

bool reap(const struct reap *r, int *status, struct rusage *ru)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	struct pulse pulse = { .idle_ns = r->idle_ns };
	struct rusage unused;
	pid_t got;

	*status = 0;
	do {
		if (r->hurry && *r->hurry && pulse.idle_ns > HURRY_NS)
			pulse.idle_ns = HURRY_NS;
		got = wait4(r->pid, status, WNOHANG, ru ?: &unused);
		if (got)
			return true;
		nanosleep(&pause, NULL);
	} while (pulse_beats(&pulse, progress_of(r), clock_monotonic_ns()));
	return false;
}

void reap_kill(const struct reap *r, int *status, struct rusage *ru)
{
	struct rusage unused;

	kill(r->pid, SIGKILL);
	wait4(r->pid, status, 0, ru ?: &unused);
}
