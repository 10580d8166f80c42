/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_daemon.h - what the records say about a daemon that isn't ours: what it
 * is, how long the kernel believes it, and which method fits it.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_DAEMON_H
#define FUSE_EPOCH_REPORT_REPORT_DAEMON_H

#include <stddef.h>

#include "bench/record/record.h"

/*
 * Paragraphs about the records of one table, each ended by a newline; from
 * malloc.  NULL: the daemon is ours, or there is no memory.
 */
char *report_daemon_text(const struct record *const *rec, size_t cnt);

#endif
