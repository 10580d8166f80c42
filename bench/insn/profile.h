/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * profile.h - which functions spend the instructions of an operation?
 */
#ifndef FUSE_EPOCH_INSN_PROFILE_H
#define FUSE_EPOCH_INSN_PROFILE_H

#include <jansson.h>

#include "bench/record/record.h"

/*
 * What the profiler counts more than the clock: the second look at it.  The
 * first is in both, as a clock that counts instructions shows how many there
 * were before it.
 */
#define PROFILE_MORE_INSNS 1

/*
 * Makes functions of the addresses in the file `raw', which plugin/profiler.c
 * wrote, and an array of measurements ("insns/1" of results/SCHEMA.md) of them
 * and of the records that were taken in that guest.  They must agree to the
 * last instruction.  NULL with a sentence in err.
 */
json_t *profile_make(const struct record *recs, size_t cnt, const char *raw,
		     const char *symbols, char *err, size_t err_len);

#endif
