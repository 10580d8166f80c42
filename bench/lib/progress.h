/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - a bar with the time left, on a terminal; elsewhere a line for each group
 * that is done, if there are several.
 */
#ifndef FUSE_EPOCH_LIB_PROGRESS_H
#define FUSE_EPOCH_LIB_PROGRESS_H

#include <stddef.h>

/* Looks for a terminal, as progress_start() does: for who cleans his environment before. */
void progress_look(void);

/* total: work in any unit, for instance expected nanoseconds. */
void progress_start(double total, size_t group_cnt);

/* A step of this much work begins; what: "epoch, wide 100k, round 2 of 5". */
void progress_step(double work, const char *what);

/*
 * Part of the present step that is done, 0 to 1.  Cheap: draws 5 times a
 * second at most.
 */
void progress_part(double part);

/* The present step is done. */
void progress_done(void);

/* A group of steps is done: "invalidate, wide, 100k names". */
void progress_group(const char *name);

/* Wipes the bar, so that a message can be written. */
void progress_clear(void);

#endif
