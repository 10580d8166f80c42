/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_join.h - runs that took turns become one.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_JOIN_H
#define FUSE_EPOCH_RECORD_RECORD_JOIN_H

#include "record.h"

/*
 * Makes one record of all those of one variant (record_same.h): their samples in
 * the order of the records, which stand in that of the first of each.  One that
 * failed makes the whole a failure.  All get the first one's run_id; *cnt becomes
 * what is left.  Returns 0 or -ENOMEM: then some are joined and some not, and
 * *cnt is as before.
 */
int record_join(struct record *recs, size_t *cnt);

#endif
