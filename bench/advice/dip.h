/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dip.h - what one event does to a walker, and how long it lasts.  Pure.
 */
#ifndef FUSE_EPOCH_ADVICE_DIP_H
#define FUSE_EPOCH_ADVICE_DIP_H

#include "workload_record.h"

/* The walker's rate is looked at in windows of that length. */
#define DIP_WINDOW_NS 20000000ULL

/*
 * Back: the rate is this part of the one before the event, for so many windows
 * on the average that one lucky window isn't taken for it.
 */
#define DIP_BACK_PART 0.9
#define DIP_BACK_WINDOWS 3

/* What begins later isn't the event's doing. */
#define DIP_BEGIN_NS 200000000ULL

struct dip {
	double before_per_s; /* the walker's rate before the event; NaN: none */
	double quiet_part; /* the lowest window before it: what is noise */
	/*
	 * Is there a window soon after the event that is lower than any before
	 * it, or in which something took longer?
	 */
	bool is_dip;
	double lowest_part; /* the lowest window until it is back */
	double back_ns; /* from the event on; 0: no dip; NaN: it never is */
	double missing_ns; /* the time that the work missing till then takes */
	uint64_t
		stall_ns; /* the longest operation that ended after the event */
	uint64_t quiet_stall_ns; /* ... and before it */
};

/* The timeline must have bins. */
void dip_of(const struct workload_timeline *tl, struct dip *out);

/* How many whole windows it has. */
size_t dip_window_cnt(const struct workload_timeline *tl);

/*
 * Rate in window i, which begins dip_window_ns(i) after the event (before it if
 * that is negative), as a part of before_per_s.
 */
double dip_window_part(const struct workload_timeline *tl, size_t i);
double dip_window_ns(const struct workload_timeline *tl, size_t i);

/*
 * A line of `width` blocks of different heights, the whole timeline: the
 * higher, the faster; full height is the rate before the event.  buf has room
 * for DIP_LINE_BYTES(width).
 */
#define DIP_LINE_BYTES(width) (3 * (width) + 1)
void dip_line(const struct workload_timeline *tl, size_t width, char *buf);

#endif
