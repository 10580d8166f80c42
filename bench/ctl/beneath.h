/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * beneath.h - mounts beneath a FUSE mount: a stale directory loses them.
 */
#ifndef FUSE_EPOCH_CTL_BENEATH_H
#define FUSE_EPOCH_CTL_BENEATH_H

#include <stdbool.h>

#include <jansson.h>

#include "bench/lib/mount_tables.h"

/* Would what is mounted there, in the file system, be detached? */
typedef bool ctl_beneath_fn(const char *inside, const void *arg);

/*
 * Refuses, with a list on stderr, if something beneath would be detached
 * (at_risk NULL: all of it), or if that can't be known.  0 or an exit status.
 */
int ctl_beneath_check(const struct mount_tables *m, const struct mount *mount,
		      ctl_beneath_fn *at_risk, const void *arg);

/*
 * "/mnt/a/b (tmpfs), in mount namespace 4026532212 (of process 4711)";
 * free it.  NULL: no memory.
 */
char *ctl_beneath_name(const struct mount_tables *m, const struct mount *mount);

/* An array of objects, see "beneath" in results/SCHEMA.md; NULL: no memory. */
json_t *ctl_beneath_json(const struct mount_tables *m, uint32_t dev);

#endif
