/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_same.h - which records are of the same variant.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_SAME_H
#define FUSE_EPOCH_RECORD_RECORD_SAME_H

#include "record.h"

/*
 * 0 if both are of one variant, host, kernel, fuse.ko and side, so that their
 * samples may be put together; else which comes first in some order.
 */
int record_compare_variant(const struct record *a, const struct record *b);

#endif
