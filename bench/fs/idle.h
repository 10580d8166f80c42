/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * idle.h - when has a daemon read all that is meant for it?
 */
#ifndef FUSE_EPOCH_FS_IDLE_H
#define FUSE_EPOCH_FS_IDLE_H

/*
 * Waits until no request and no FORGET is queued at a /dev/fuse.  Returns 0,
 * -ENOTCONN if its file system is gone, or another -errno.
 */
int idle_wait(int dev);

#endif
