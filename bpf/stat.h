/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stat.h - the ways in which epochstat shows what was counted.
 */
#ifndef FUSE_EPOCH_STAT_H
#define FUSE_EPOCH_STAT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "mounts.h"
#include "sample.h"

struct stat_view {
	const struct sample
		*sample; /* of an interval, or all since the start */
	const struct mounts *mounts;
	double interval_s;
	bool epochs; /* the kernel has them */
	bool hist;
	bool all; /* idle mounts too */
	bool one; /* only this, and what was there when it was shown last: */
	struct trace_life only, before;
};

/* Shall this mount be shown? */
bool stat_is_shown(const struct stat_view *v, const struct sample_mount *m);

/* A line per mount; the head first, and again when a screen is full. */
void stat_table_print(const struct stat_view *v, FILE *out);
/* Its columns, for view_check(); prints nothing. */
int stat_table_heads(FILE *out, const void *unused);
/* JSON Lines, see results/SCHEMA.md.  0 or -ENOMEM. */
int stat_json_print(const struct stat_view *v, FILE *out);
/*
 * OpenMetrics, or the text format of Prometheus; of all since the start.  The
 * caller frees it; NULL: no memory.
 */
char *stat_metrics(const struct stat_view *v, bool openmetrics);

#endif
