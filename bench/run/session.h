/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - one freshly mounted synthetic tree, and the steps of a case.
 *
 * Each step measures itself into the sample: time, CPU time of both processes,
 * and the requests it caused.
 */
#ifndef FUSE_EPOCH_RUN_SESSION_H
#define FUSE_EPOCH_RUN_SESSION_H

#include "bench.h"

/* Mounts and lets the daemon answer its first requests. */
int bench_open(struct bench *b);

/*
 * Unmounts whatever is there and ends the daemon, and notes its peak memory.
 * Returns an error when the daemon did not end well.
 */
int bench_close(struct bench *b, struct sample *s);

/* Fills the cache with all names: PHASE_POPULATE. */
int bench_populate(struct bench *b, struct sample *s);

/*
 * Walks all names again and fails unless that sent no request at all:
 * PHASE_WARM_WALK.
 */
int bench_prove_warm(struct bench *b, struct sample *s);

/* Makes all stale by the method: PHASE_NOTIFY, or PHASE_BARE_WRITE. */
int bench_notify(struct bench *b, struct sample *s, bool bare);

/* Reads all directories: PHASE_LIST. */
int bench_list(struct bench *b, struct sample *s);

/* The first stat below: PHASE_FIRST_TOUCH. */
int bench_first_touch(struct bench *b, struct sample *s);

/* All other names: PHASE_REWALK. */
int bench_rewalk(struct bench *b, struct sample *s);

/* Adds up notify, list, first touch, re-walk and reclaim: PHASE_TOTAL. */
void bench_total(struct sample *s);

/* PHASE_UMOUNT. */
int bench_umount(struct bench *b, struct sample *s);

#endif
