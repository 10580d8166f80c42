/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - the one clock that costs are measured with.
 *
 * A case never names its clock.  It counts nanoseconds or, in a guest whose
 * time-stamp counter counts them (scripts/vm --icount), instructions.
 */
#ifndef FUSE_EPOCH_LIB_CLOCK_H
#define FUSE_EPOCH_LIB_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Measures in this unit from now on: "ns" (as it is unless told otherwise) or
 * "insns".  Returns 0; -EINVAL: there is no such clock; -EOPNOTSUPP: the
 * time-stamp counter doesn't count instructions here.
 */
int clock_use(const char *unit);

/* "ns", "insns": what clock_use() knows; NULL after the last. */
const char *clock_unit_name(size_t i);

/* Now, in clock_unit(); comparable between processes of one machine. */
uint64_t clock_now(void);

/* "ns", "insns" */
const char *clock_unit(void);

/* One more of the same takes exactly as much: no noise, only ticks. */
bool clock_is_exact(void);

/*
 * Around one operation, in one thread: as clock_now(), and where instructions
 * are counted a profiler outside sees them too (marker.h).  What the two
 * themselves take is in the difference, and always the same.
 */
uint64_t clock_begin(void);
uint64_t clock_end(void);

/* CLOCK_MONOTONIC, whatever the clock is: for time stamps and deadlines. */
uint64_t clock_monotonic_ns(void);

#endif
