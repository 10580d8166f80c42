/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * same.h - what no event may change: the number of a directory, and a file as
 * it is seen through an overlay above the mount.  Counted, and no failure.
 */
#ifndef FUSE_EPOCH_WORKLOAD_SAME_H
#define FUSE_EPOCH_WORKLOAD_SAME_H

#include <stdint.h>

#include "oracle.h"

/* How often it was looked at, and was wrong. */
struct same_counts {
	uint64_t number_cnt, renumbered_cnt; /* st_ino of a directory */
	uint64_t overlay_cnt, overlay_wrong_cnt;
};

struct same {
	int64_t number[ORACLE_DIR_CNT]; /* as last seen; 0: not yet */
};

/* Either: 0, or -errno: the mount is dead. */
int same_number(struct same *s, const struct oracle *o, unsigned int dir,
		struct same_counts *counts);
/* file: from the top of the tree. */
int same_above(const char *file, struct same_counts *counts);

#endif
