/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pulse.h - does it still make progress?  Pure.
 *
 * On a busy machine everything takes longer, so a fixed deadline is always
 * wrong.  What stands still for long enough hangs.
 */
#ifndef FUSE_EPOCH_LIB_PULSE_H
#define FUSE_EPOCH_LIB_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct pulse {
	uint64_t idle_ns; /* how long it may stand still */
	uint64_t value, since_ns; /* as it was last, and since when */
	bool began;
};

/*
 * Takes note of anything that grows or changes with progress (requests, CPU
 * time, bytes).  True: it changed, or not so for less than idle_ns.
 */
bool pulse_beats(struct pulse *p, uint64_t value, uint64_t now_ns);

#endif
