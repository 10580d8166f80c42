/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk.h - a batch of all names below a path, as its daemon lists them.
 */
#ifndef FUSE_EPOCH_CTL_WALK_H
#define FUSE_EPOCH_CTL_WALK_H

#include "batch.h"

/*
 * Adds the path, if it isn't the root, and if it is a directory all names below
 * it, but nothing of what is mounted there.  This reads directories: where the
 * kernel has no listing of them, it asks the daemon.
 */
void ctl_walk(struct ctl_batch *b, const char *path);

#endif
