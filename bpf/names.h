/* SPDX-License-Identifier: GPL-2.0-only */
/* names.h - the names of outcomes and notifications, once. */
#ifndef FUSE_EPOCH_NAMES_H
#define FUSE_EPOCH_NAMES_H

/* "fresh", "relooked", "epoch", ...: enum trace_outcome. */
const char *outcome_name(int outcome);
/* "inc_epoch", "inval_inode", ...: enum trace_notify. */
const char *notify_name(int notify);

#endif
