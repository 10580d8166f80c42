/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - the one clock that costs are measured with.
 *
 * A case never names its clock: nanoseconds here; retired instructions in a
 * guest whose time-stamp counter counts them can be added as a row.
 */
#ifndef FUSE_EPOCH_CLOCK_H
#define FUSE_EPOCH_CLOCK_H

#include <stdint.h>

/* Now, in clock_unit(); comparable between processes of one machine. */
uint64_t clock_now(void);

/* "ns" */
const char *clock_unit(void);

/* CLOCK_MONOTONIC, whatever the clock is: for time stamps and deadlines. */
uint64_t clock_monotonic_ns(void);

#endif
