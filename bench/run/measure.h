/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.h - what a phase cost, and which requests it caused.
 */
#ifndef FUSE_EPOCH_RUN_MEASURE_H
#define FUSE_EPOCH_RUN_MEASURE_H

#include "bench.h"

/* A phase begins: notes clock, CPU times and counts. */
void measure_begin(struct bench *b);

/*
 * It ends here, but requests that it caused may still be on their way: they
 * count for it, and the wait for their FORGETs is RECLAIM where reclaim is set.
 * Returns 0, or -errno explained with bench_fail().
 */
int measure_end(struct bench *b, struct sample *s, enum phase ph, bool reclaim);

/*
 * Waits until the daemon has read and counted all that is queued for it, and
 * sets *at to the moment when the queue was seen empty.  FORGETs are not
 * ordered with requests, so: first an empty queue, then a request; the
 * daemon's one loop answers it only after all that it read before.
 */
int measure_drain(struct bench *b, uint64_t *at);

#endif
