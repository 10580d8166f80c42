/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * namespaces.h - the mount tables of all mount namespaces.
 */
#ifndef FUSE_EPOCH_LIB_NAMESPACES_H
#define FUSE_EPOCH_LIB_NAMESPACES_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Gets a mount table and the namespace (the number in "mnt:[4026531841]"). */
typedef int namespace_fn(FILE *mountinfo, ino_t ns, void *arg);

/*
 * Calls fn for each mount namespace, ours included, until it returns anything
 * but 0, and returns that.  *complete: certainly none was left out.
 */
int namespaces_each(namespace_fn *fn, void *arg, bool *complete);

/* Our own, or 0. */
ino_t namespaces_own(void);

/*
 * Which process lives in which namespace.  /proc is read once, when it is asked
 * for the first time: later processes aren't known.  NULL: no memory.
 */
struct namespace_pids *namespace_pids_new(void);
void namespace_pids_free(struct namespace_pids *p);

/* A process that lives in it, or 0. */
pid_t namespace_pids_find(struct namespace_pids *p, ino_t ns);

#endif
