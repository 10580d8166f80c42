/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * series.h - mounts as series of numbers that have names.
 */
#ifndef FUSE_EPOCH_SERIES_H
#define FUSE_EPOCH_SERIES_H

#include "mounts.h"
#include "sample.h"

/* All that is mounted, with zeros if nothing was counted of it; 0 or -ENOMEM. */
int series_add_mounted(struct sample *s, const struct mounts *mounts);

/*
 * Drops mounts whose number and names a later one has: it is the same series,
 * which begins anew.  0 or -ENOMEM.
 */
int series_drop_replaced(struct sample *s, const struct mounts *mounts);

#endif
