/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * path.h - the mount that a user names, without touching it.
 */
#ifndef FUSE_EPOCH_CTL_PATH_H
#define FUSE_EPOCH_CTL_PATH_H

#include <stdbool.h>

#include "bench/lib/mount_tables.h"

/* As mount_tables_read(); NULL after a message. */
struct mount_tables *ctl_read_mounts(bool own_only);

/*
 * The FUSE mount at that path, in our namespace.  Symbolic links on the way are
 * followed, but nothing on a FUSE file system is looked at, as it may hang:
 * there the path is taken as it is written, ".." too.  NULL after a message.
 */
const struct mount *ctl_path_mount(const struct mount_tables *m,
				   const char *path);

/* Where all of its file system is mounted, in our namespace; or NULL. */
const struct mount *ctl_path_whole(const struct mount_tables *m,
				   const struct mount *mount);

#endif
