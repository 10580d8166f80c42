/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk.h - touching names by absolute path, and reading directories.
 */
#ifndef FUSE_EPOCH_RUN_WALK_H
#define FUSE_EPOCH_RUN_WALK_H

#include "bench.h"

/*
 * Touches the slots from first to last: lstat, and readlink where they are
 * symbolic links.  Checks what it gets.  Returns 0, -ECANCELED, or -errno
 * explained with bench_fail().
 */
int walk_slots(struct bench *b, uint64_t first, uint64_t last);

/*
 * Reads all directories with a large buffer, so that READDIRPLUS fills the
 * cache.  Returns as walk_slots().
 */
int walk_readdir(struct bench *b);

#endif
