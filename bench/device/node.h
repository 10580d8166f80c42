/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * node.h - names on a FUSE file system, and the node ids behind them.
 */
#ifndef FUSE_EPOCH_DEVICE_NODE_H
#define FUSE_EPOCH_DEVICE_NODE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Opens a path below root (a descriptor), as a place only, and without following
 * a link at its end.  -errno: -EXDEV, it leaves the file system.
 */
int node_open(int root, const char *path, int flags);

/* Is that open place no folder, as far as can be known without a daemon? */
bool node_is_file(int fd);

/*
 * The node id by which kernel and daemon know an open place on a FUSE file
 * system of that device number.  -EXDEV: it is on another; -EPROTO: the kernel
 * doesn't tell.
 */
int node_id(int fd, uint32_t dev, uint64_t *node);

#endif
