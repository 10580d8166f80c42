/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stand_in.h - a process that stands for passfs where the daemon isn't ours: it
 * starts that, and answers what passfs would be asked, with a borrowed /dev/fuse.
 */
#ifndef FUSE_EPOCH_WORKLOAD_STAND_IN_H
#define FUSE_EPOCH_WORKLOAD_STAND_IN_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/daemon/answers.h"
#include "bench/fs/passfs.h"

/* What it has seen of the daemon, shared with it. */
struct stand_in {
	char program[16];
	char library[48];
	char package[96];
	struct answers answers;
	char err[512]; /* "": it serves */
};

struct stand_in *stand_in_new(void);

/* What the command gets of our environment: what that is now. */
void stand_in_keep_environment(void);

/*
 * As passfs_start(), with name as in daemon.h; nothing is counted.  0, or -errno
 * with a sentence in s->err.
 */
int stand_in_start(struct stand_in *s, struct passfs *fs, const char *command,
		   const char *name, const cpu_set_t *cpus);

/* What the daemon answers, on files of its own: s->answers. */
void stand_in_ask(struct stand_in *s, const char *command,
		  const cpu_set_t *cpus);

/* Can it tell the kernel of all names?  Only the daemon knows which there are. */
bool stand_in_can(unsigned int method, bool changed);

#endif
