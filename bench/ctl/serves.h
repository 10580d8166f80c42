/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * serves.h - who serves, of several processes with the same device: children
 * inherit descriptors, and parents pass them on.
 */
#ifndef FUSE_EPOCH_CTL_SERVES_H
#define FUSE_EPOCH_CTL_SERVES_H

#include <sys/types.h>

/*
 * The one that waits for requests; if both do, or none, the one that began first,
 * which the other has inherited it from.
 */
pid_t ctl_serves(pid_t first, pid_t second);

#endif
