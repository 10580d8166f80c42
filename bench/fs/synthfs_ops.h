/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synthfs_ops.h - the file system operations of the synthetic tree.
 */
#ifndef FUSE_EPOCH_FS_SYNTHFS_OPS_H
#define FUSE_EPOCH_FS_SYNTHFS_OPS_H

#include <fuse_lowlevel.h>

#include "synthfs.h"

struct synthfs_ops_ctx { /* libfuse's userdata */
	const struct tree *tree;
	struct synthfs_shared *shared;
};

extern const struct fuse_lowlevel_ops synthfs_ops;

#endif
