/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * passfs_internal.h - what the parts of the daemon share.
 */
#ifndef FUSE_EPOCH_FS_PASSFS_INTERNAL_H
#define FUSE_EPOCH_FS_PASSFS_INTERNAL_H

#include <fuse_lowlevel.h>

#include "nodes.h"
#include "passfs.h"

/* Nothing times out while it is measured. */
#define PASSFS_TIMEOUT_S 3600.0

struct passfs_daemon { /* libfuse's userdata, too */
	struct fuse_session *se;
	struct nodes *nodes;
	struct passfs_shared *shared;
	int control;
};

extern const struct fuse_lowlevel_ops passfs_ops;

/* Answers what is asked, in a thread, until the other end is closed. */
void passfs_serve_control(struct passfs_daemon *d);

#endif
