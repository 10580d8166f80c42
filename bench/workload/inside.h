/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inside.h - a process that has its working directory in the tree, and asks
 * again and again where it is.
 */
#ifndef FUSE_EPOCH_WORKLOAD_INSIDE_H
#define FUSE_EPOCH_WORKLOAD_INSIDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "source.h"

/* Shared with the process; read it after its end. */
struct inside {
	_Atomic bool stop;
	int err; /* why it couldn't go there, or 0 */
	uint64_t getcwd_cnt, failed_cnt; /* of these, how many had no path */
	bool lost; /* also after somebody has walked there */
	uint64_t cpu_ns;
};

struct inside *inside_new(void);

/* In a directory with many files, where others walk.  Its pid or -errno. */
pid_t inside_start(struct inside *in, const struct source *s);

#endif
