/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hangs.h - when to say again that a notification still goes on: first after
 * min_ns, then each time it has taken twice as long.
 */
#ifndef FUSE_EPOCH_HANGS_H
#define FUSE_EPOCH_HANGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace.bpf.h"

struct hangs {
	uint64_t min_ns;
	size_t cnt;
	struct hang *list; /* those that were said */
};

/* Shall that be said now, of one that goes on?  CLOCK_MONOTONIC. */
bool hangs_is_due(struct hangs *h, const struct trace_notifying *n,
		  uint64_t now_ns);
/* Forget those that weren't asked for since the last call. */
void hangs_sweep(struct hangs *h);
void hangs_free(struct hangs *h);

#endif
