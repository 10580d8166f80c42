/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * namespaces.h - the mount tables of all mount namespaces.
 */
#ifndef FUSE_EPOCH_CTL_NAMESPACES_H
#define FUSE_EPOCH_CTL_NAMESPACES_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Gets a mount table and the namespace (the number in "mnt:[4026531841]"). */
typedef int ctl_namespace_fn(FILE *mountinfo, ino_t ns, void *arg);

/*
 * Calls fn for each mount namespace, ours included, until it returns anything
 * but 0, and returns that.  *complete: certainly none was left out.
 */
int ctl_namespaces_each(ctl_namespace_fn *fn, void *arg, bool *complete);

/* Our own, or 0. */
ino_t ctl_namespace_own(void);

/* A process that lives in it, or 0. */
pid_t ctl_namespace_pid(ino_t ns);

#endif
