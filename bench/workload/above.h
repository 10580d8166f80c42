/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * above.h - an overlayfs above the mount, as containers have it.
 */
#ifndef FUSE_EPOCH_WORKLOAD_ABOVE_H
#define FUSE_EPOCH_WORKLOAD_ABOVE_H

#include <stddef.h>
#include <sys/types.h>

#include "source.h"

#define STAGE_ABOVE STAGE_DIR "/above"

/* Makes its directories.  0, or -errno with a sentence: none can be mounted. */
int above_probe(char *err, size_t err_len);

/*
 * Starts a process that mounts it, and ends with 0 then: it has to touch the
 * mount, which may hang.  Its pid or -errno.
 */
pid_t above_start(void);

#endif
