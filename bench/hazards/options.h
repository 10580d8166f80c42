/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - what the command line says to the probes.
 */
#ifndef FUSE_EPOCH_HAZARDS_OPTIONS_H
#define FUSE_EPOCH_HAZARDS_OPTIONS_H

#include <stdint.h>

enum { SIZE_CNT_MAX = 8 };

struct hazard_options {
	uint64_t name_cnt[SIZE_CNT_MAX]; /* of the trees of "stall" */
	unsigned int size_cnt;
	unsigned int patience_ms; /* how long both must hang to be a deadlock */
	const char *prefix; /* of the commands that reproduce something */
};

extern struct hazard_options hazard_options;

#endif
