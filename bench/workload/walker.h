/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walker.h - an innocent process: touches random files of the tree, and notes
 * how long each took.
 */
#ifndef FUSE_EPOCH_WORKLOAD_WALKER_H
#define FUSE_EPOCH_WORKLOAD_WALKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "histogram.h"
#include "source.h"

enum { WALKER_BIN_NS = 1000000, WALKER_BIN_MAX = 10000 };

/* Shared with the process; read it after its end. */
struct walker {
	_Atomic bool stop;
	int err; /* of the last file that couldn't be read, or 0 */
	uint64_t begin_ns; /* of the first bin */
	struct histogram took;
	/* Operations that ended in each bin of time, and the longest of them. */
	uint32_t op_cnt[WALKER_BIN_MAX];
	uint64_t max_ns[WALKER_BIN_MAX];
};

struct walker *walker_new(void);

/*
 * Starts the process.  paced: one file a millisecond, by lstat and by open,
 * read and close in turns, and what had to wait for one that took longer counts
 * from when it was due; else as many as it can, by lstat, in bins from
 * begin_ns (CLOCK_MONOTONIC) on.  Returns its pid or -errno.
 */
pid_t walker_start(struct walker *w, const struct source *s, bool paced,
		   uint64_t begin_ns);

#endif
