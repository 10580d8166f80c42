/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * child.h - a probe in a process of its own, which leaves nothing behind.
 *
 * Its mounts are in a mount namespace that ends with it, and its files in a
 * tmpfs there.  Only a deadlock doesn't end when it is killed: a thread waits
 * in the kernel for an answer that only the same process could give.  Then
 * somebody must abort the connection.  The parent does if the probe takes too
 * long.  A guard, a process that waits for nothing but the parent's end, does
 * if the parent is killed.
 */
#ifndef FUSE_EPOCH_HOST_CHILD_H
#define FUSE_EPOCH_HOST_CHILD_H

#include <stdbool.h>

#include <jansson.h>

/* Before the first child.  Returns 0, or -errno with a sentence in err. */
int child_begin(char *err, size_t err_len);
/* After the last one. */
void child_end(void);

/*
 * Runs it and returns the array of what it said (see bench/hazards/hazard.h).
 * If what became of it otherwise is worth a word, the last element says it,
 * with an outcome "skip" or "failed" and no probe.  NULL: no memory, or
 * interrupted.
 */
json_t *child_run(void (*run)(const void *), const void *arg,
		  unsigned int limit_s);

/*
 * The same for one that says a lot, in a long time: also when it was ended
 * early there is all that it has said.  *err: 0, -ETIME, or -EINTR.
 */
json_t *child_run_long(void (*run)(const void *), const void *arg,
		       unsigned int limit_s, int *err);

/* In the child: the connection that it uses now, as fusectl names it; or 0. */
void child_uses(unsigned int connection);

/* In the child: aborts that connection. */
void child_abort(void);

/* Set by SIGINT and the like. */
bool child_interrupted(void);

#endif
