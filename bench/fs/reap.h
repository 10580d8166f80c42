/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reap.h - waiting for a daemon, as long as it is alive.
 */
#ifndef FUSE_EPOCH_FS_REAP_H
#define FUSE_EPOCH_FS_REAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct reap {
	pid_t pid;
	const _Atomic uint64_t *op_cnt; /* OPCODE_MAX counters of requests */
	const _Atomic uint32_t *hurry; /* not 0: be quick; may be NULL */
	uint64_t idle_ns; /* how long it may neither run nor take requests */
};

/*
 * Waits for the end of the child.  True: *status is its wait status, *ru what
 * it used (may be NULL).  False: it lives, but makes no progress.
 */
bool reap(const struct reap *r, int *status, struct rusage *ru);

/* Kills it, and waits: whoever may hang in the kernel is aborted before. */
void reap_kill(const struct reap *r, int *status, struct rusage *ru);

#endif
