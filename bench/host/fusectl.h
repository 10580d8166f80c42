/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fusectl.h - FUSE connections as the kernel's fusectl shows them, wherever that
 * is mounted or isn't.
 */
#ifndef FUSE_EPOCH_HOST_FUSECTL_H
#define FUSE_EPOCH_HOST_FUSECTL_H

#include <stdint.h>

/*
 * A folder with one for each connection, or -errno.  Where fusectl isn't
 * mounted at its usual place this is a mount of ours that no namespace has, and
 * that is gone when the descriptor is closed.
 */
int fusectl_open(void);

/* Ends all requests of a connection with an error; one that is gone is none. */
void fusectl_abort(int fusectl, uint32_t connection);

/*
 * The same later, by writing a byte to this descriptor: whoever has no
 * descriptor left then can still abort.  -errno.
 */
int fusectl_abort_open(int fusectl, uint32_t connection);

/* Requests that wait for the daemon, or that it works on; -errno. */
int64_t fusectl_waiting(int fusectl, uint32_t connection);

/* Mounts it at its usual place, if it isn't: in a namespace of our own. */
int fusectl_mount(void);

#endif
