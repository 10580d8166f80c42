/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fusectl.h - what the kernel says of connections in its fusectl.
 */
#ifndef FUSE_EPOCH_CTL_FUSECTL_H
#define FUSE_EPOCH_CTL_FUSECTL_H

#include <stdint.h>

/*
 * A folder with one for each connection, or -errno.  Where fusectl isn't
 * mounted this is a mount of ours that no namespace has, and that is gone when
 * the descriptor is closed.
 */
int ctl_fusectl_open(void);

/* Requests that wait for the daemon, or that it works on; -errno. */
int64_t ctl_fusectl_waiting(int folder, uint32_t connection);

#endif
