/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch.h - the messages for many paths.  All are made before the first is
 * sent: if they were sent one by one, the walk to the next name would make the
 * kernel ask for the last one again.
 */
#ifndef FUSE_EPOCH_CTL_BATCH_H
#define FUSE_EPOCH_CTL_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/inval/inval.h"
#include "bench/lib/mount_tables.h"

struct ctl_batch;

struct ctl_batch_result {
	size_t path_cnt;
	size_t sent_cnt; /* taken by the kernel */
	size_t uncached_cnt; /* of nothing that it had cached */
	size_t failed_cnt; /* paths that can't be, and messages refused */
	uint64_t notify_ns; /* spent in writing */
};

/*
 * NULL after a message.  named: how the user called the mount.  whole: where all
 * of the file system is mounted, or NULL.
 */
struct ctl_batch *ctl_batch_new(const struct inval_method *method,
				const struct mount *mount,
				const struct mount *whole, const char *named);
void ctl_batch_free(struct ctl_batch *b);

/*
 * Adds a path: as usual, if that is in the mount, else relative to it.  What
 * can't be is told, and counts as failed.
 */
void ctl_batch_add(struct ctl_batch *b, const char *path);

/* Would what is mounted there be detached?  A ctl_beneath_fn. */
bool ctl_batch_at_risk(const char *inside, const void *batch);

void ctl_batch_send(struct ctl_batch *b, int dev,
		    struct ctl_batch_result *result);

#endif
