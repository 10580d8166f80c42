/* SPDX-License-Identifier: GPL-2.0-only */
/* hist.h - log2 histograms of nanoseconds, for people. */
#ifndef FUSE_EPOCH_HIST_H
#define FUSE_EPOCH_HIST_H

#include <stdint.h>
#include <stdio.h>

/*
 * Draws a histogram whose slot i counts values from 2^i (slot 0: from 0) to
 * 2^(i+1) - 1 ns, without the empty slots at both ends; nothing if all are.
 *
 *     fresh                 count  distribution
 *     512 ns .. 1 us          840  |********************|
 *     1 us .. 2 us            120  |***                 |
 */
void hist_print(FILE *out, const char *title, const uint64_t *slots,
		int slot_cnt);

/* Its values, and the upper bound in ns of the slot that holds quantile q. */
uint64_t hist_cnt(const uint64_t *slots, int slot_cnt);
uint64_t hist_quantile_ns(const uint64_t *slots, int slot_cnt, double q);

#endif
