/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conduct.h - a run of `epochbench workload`: all its cells, one by one, in a
 * child.  The child has a mount namespace of its own, so nothing of the run can
 * stay.
 */
#ifndef FUSE_EPOCH_WORKLOAD_CONDUCT_H
#define FUSE_EPOCH_WORKLOAD_CONDUCT_H

#include <jansson.h>

#include "plan.h"
#include "bench/fs/passfs.h"

struct conduct {
	struct plan plan;
	const char *tree; /* the directory that is copied */
	int workload_cpu, daemon_cpu;
	char cpus[64]; /* for the records */
	unsigned int swallow; /* see events.h */
	struct passfs_manner manner; /* of the daemon */
	const char *daemon; /* the command of one that isn't ours; or NULL */
};

/*
 * Appends the records of all cells to cells, also when it ends early.  Says on
 * stderr what failed or is left out.  Returns the exit status: 0, 1, 2, 77.
 */
int conduct_run(const struct conduct *c, json_t *cells);

#endif
