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

/* Adds a name in a directory whose node id is known; of methods about names. */
void ctl_batch_add_name(struct ctl_batch *b, uint64_t parent, const char *name);

/* The root of the mount, opened with O_PATH; it stays the batch's. */
int ctl_batch_root(const struct ctl_batch *b);
/* Its device, as the kernel has it. */
uint32_t ctl_batch_dev(const struct ctl_batch *b);

/*
 * Where a path leads in the mount, relative to its root; "" is that.  0, or
 * -EXDEV or -ENAMETOOLONG.
 */
int ctl_batch_within(const struct ctl_batch *b, const char *path, char *local,
		     size_t len);

/* What became of a path that can't be: told, and counted as failed. */
void ctl_batch_fail(struct ctl_batch *b, const char *path, int err);

/* Would what is mounted there be detached?  A ctl_beneath_fn. */
bool ctl_batch_at_risk(const char *inside, const void *batch);

void ctl_batch_send(struct ctl_batch *b, int dev,
		    struct ctl_batch_result *result);

#endif
