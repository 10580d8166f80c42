/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * due.h - when the events of a rate are due.  Pure.
 */
#ifndef FUSE_EPOCH_WORKLOAD_DUE_H
#define FUSE_EPOCH_WORKLOAD_DUE_H

#include <stdint.h>

/* How many events are due in so long. */
uint64_t events_due_cnt(double rate_hz, uint64_t ns);

/* When event k is due, from the first one's begin: in the middle of its slot. */
uint64_t events_due_ns(double rate_hz, uint64_t k);

#endif
