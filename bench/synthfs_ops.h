/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synthfs_ops.h - the file system operations of the synthetic tree.
 */
#ifndef FUSE_EPOCH_SYNTHFS_OPS_H
#define FUSE_EPOCH_SYNTHFS_OPS_H

#include <fuse_lowlevel.h>

#include "synthfs.h"

struct synthfs_ops_ctx { /* libfuse's userdata */
	const struct tree *tree;
	struct synthfs_shared *shared;
	char *dirbuf;
};

/* Size of the largest READDIRPLUS reply: what the kernel asks for at most. */
#define SYNTHFS_DIRBUF_BYTES (1024 * 1024)

/* Prepares the rest of ctx.  Returns 0 or -ENOMEM. */
int synthfs_ops_init(struct synthfs_ops_ctx *ctx);

extern const struct fuse_lowlevel_ops synthfs_ops;

#endif
