// SPDX-License-Identifier: GPL-2.0-only
/*
 * slow.c - makes a phase slower by a known part, to prove that it is found.
 *
 * Linked with --wrap=measure_end into a program of its own, build/test/
 * slow_epochbench, so that nothing of it is in epochbench.  SLOW_PHASE names a
 * phase that the driver spends itself (rewalk, ...), SLOW_PCT by how much: at
 * its end the driver is busy for so much longer.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "measure.h"

int __real_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim);
int __wrap_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim);

int __wrap_measure_end(struct bench *b, struct sample *s, enum phase ph,
		       bool reclaim)
{
	const char *phase = getenv("SLOW_PHASE"), *pct = getenv("SLOW_PCT");
	uint64_t now = clock_now(), until = now;

	if (phase && pct && !strcmp(phase, phase_name(ph)))
		until += (uint64_t)((double)(now - b->mark.at) * atof(pct) /
				    100);
	while (now < until)
		now = clock_now();
	return __real_measure_end(b, s, ph, reclaim);
}
