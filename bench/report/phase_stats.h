/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * phase_stats.h - what a phase cost, over the samples of a record.
 */
#ifndef FUSE_EPOCH_REPORT_PHASE_STATS_H
#define FUSE_EPOCH_REPORT_PHASE_STATS_H

#include "bench/lib/stats.h"
#include "bench/record/record.h"

/* Of those that reached it.  Lack of memory counts as none. */
struct stats phase_stats(const struct record *rec, enum phase ph);

#endif
