// SPDX-License-Identifier: GPL-2.0-only
/*
 * slow.c - makes a phase slower by a known part, to prove that it is found.
 *
 * Linked with --wrap=measure_end into a program of its own, build/test/
 * slow_epochbench, so that nothing of it is in epochbench.  SLOW_PHASE names a
 * phase that the driver spends itself (rewalk, ...), SLOW_PCT by how much: at
 * its end the driver is busy for that part of the CPU time that both processes
 * have spent in it, which on an idle machine is the time that passed.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/host/cpu_time.h"
#include "bench/run/measure.h"

int __real_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim);
int __wrap_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim);

/* Since the phase began. */
static uint64_t spent_ns(const struct bench *b)
{
	return cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID) -
	       b->mark.driver_cpu_ns + cpu_time_of(b->fs.pid) -
	       b->mark.daemon_cpu_ns;
}

int __wrap_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim)
{
	const char *phase = getenv("SLOW_PHASE"), *pct = getenv("SLOW_PCT");

	if (phase && pct && !strcmp(phase, phase_name(ph))) {
		uint64_t until =
			(uint64_t)((double)spent_ns(b) * (1 + atof(pct) / 100));

		while (spent_ns(b) < until)
			;
	}
	return __real_measure_end(b, s, ph, reclaim);
}
