/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * operation.h - the numbers by which a profile names what was measured.
 */
#ifndef FUSE_EPOCH_RUN_OPERATION_H
#define FUSE_EPOCH_RUN_OPERATION_H

#include <assert.h>

#include "bench.h"
#include "bench/lib/marker.h"

static_assert(PHASE_MAX <= 1 << MARKER_PHASE_BITS, "phases have numbers");

/*
 * For marker_select(): a method's index in inval_methods, and a phase; or, in a
 * warm-up, which no record keeps, none of them.
 */
static inline unsigned int operation_nr(const struct bench *b, enum phase ph)
{
	return b->warming_up ? MARKER_OP_NONE
			     : b->method_nr << MARKER_PHASE_BITS | ph;
}

#endif
