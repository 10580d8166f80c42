/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preempt.h - can kernel code be preempted?
 */
#ifndef FUSE_EPOCH_PREEMPT_H
#define FUSE_EPOCH_PREEMPT_H

#include <stdbool.h>

/*
 * True if it can, or if that isn't known.  A kernel that can do both does now
 * what its command line says, or who wrote to sched/preempt of debugfs.
 */
bool preempt_is_possible(void);

#endif
