/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * overview.h - what many records say together.  Pure.  All take records as a
 * group by hazard.
 */
#ifndef FUSE_EPOCH_HAZARDS_OVERVIEW_H
#define FUSE_EPOCH_HAZARDS_OVERVIEW_H

#include <jansson.h>

#include "bench/lib/table.h"

/*
 * Records that stand for all of a hazard, by method: in how many of its cases it
 * is present.  The array is the caller's.
 */
json_t *overview_counts(const json_t *hazards);

/*
 * A table, which is the caller's: what stands on a mount, and the methods by how
 * it bears them; the first probe of a hazard is its plain case.  NULL if none of
 * the hazards is about such a thing.  Returns 0 or -errno.
 */
int overview_stacks(const json_t *hazards, struct table **table);

#endif
