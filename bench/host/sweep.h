/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sweep.h - what killed runs have left.
 */
#ifndef FUSE_EPOCH_HOST_SWEEP_H
#define FUSE_EPOCH_HOST_SWEEP_H

/*
 * Directories, parameters and hung processes: removed, restored and ended, with
 * a word on stderr for each.  What belongs to living runs is locked, and stays.
 */
void sweep_leftovers(void);

#endif
