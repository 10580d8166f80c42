/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * theirs_notify.h - bench_notify() for a daemon that isn't ours: PHASE_NOTIFY is
 * the time of the writes; to make the messages isn't measured.
 */
#ifndef FUSE_EPOCH_RUN_THEIRS_NOTIFY_H
#define FUSE_EPOCH_RUN_THEIRS_NOTIFY_H

#include "bench.h"

int theirs_notify(struct bench *b, struct sample *s);

#endif
