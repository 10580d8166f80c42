/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrong.h - what a program did to files that nobody has changed, and shouldn't
 * have done.  The oracle's files do change, and are left out.
 */
#ifndef FUSE_EPOCH_WORKLOAD_WRONG_H
#define FUSE_EPOCH_WORKLOAD_WRONG_H

#include <stdint.h>

#include "bench/fs/passfs.h"
#include "source.h"

/* Names of what tar has dumped, a line each. */
#define WRONG_DUMPED STAGE_DIR "/dumped"

/* What restic says of its backup, as JSON. */
#define WRONG_SUMMARY STAGE_DIR "/summary"

/* Each of the run that has just ended, on the mount of that daemon. */
uint64_t wrong_opened_cnt(const struct passfs_shared *fs);
uint64_t wrong_skipped_cnt(const struct passfs_shared *fs); /* by cp */
uint64_t wrong_dumped_cnt(const struct passfs_shared *fs); /* by tar */
uint64_t wrong_reread_cnt(const struct passfs_shared *fs); /* by restic */
uint64_t wrong_unreadable_cnt(const struct passfs_shared *fs); /* by md5sum */
uint64_t wrong_nameless_cnt(const struct passfs_shared *fs); /* by bash */

#endif
