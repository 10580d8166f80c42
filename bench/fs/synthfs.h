/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synthfs.h - the synthetic file system: a libfuse daemon in its own process.
 *
 * It counts each request in memory that it shares with the driver, and keeps
 * nothing per name or inode.
 */
#ifndef FUSE_EPOCH_FS_SYNTHFS_H
#define FUSE_EPOCH_FS_SYNTHFS_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/host/mount.h"
#include "bench/lib/opcode.h"
#include "bench/lib/tree.h"

/* Shared by driver and daemon.  Plain counters: the daemon alone writes. */
struct synthfs_shared {
	_Atomic uint64_t op_cnt[OPCODE_MAX]; /* see opcode.h for FORGET */
	_Atomic uint64_t delay_ns[OPCODE_MAX]; /* hold it back; others go on */
	_Atomic uint32_t fuse_minor; /* the kernel's, after INIT */
	_Atomic bool expire_only; /* the kernel has FUSE_EXPIRE_ONLY */
	_Atomic uint32_t stop; /* cut injected delays short */
	double timeout_s; /* of entries and attributes */
	/*
	 * Robust; held by a thread of the driver that never waits for the
	 * daemon, so that the daemon learns of the driver's death even while
	 * the rest of it is stuck in a request.
	 */
	pthread_mutex_t alive;
};

struct synthfs {
	pid_t pid; /* of the daemon, 0: none */
	int control; /* socket to it, see control.h */
	struct synthfs_shared *shared;
};

/*
 * Starts the daemon, pinned to cpus, and mounts at mp (which the daemon cleans
 * up should the driver die).  shared comes from synthfs_shared_new().  Returns
 * 0 or -errno.
 */
int synthfs_start(struct synthfs *fs, const struct tree *t,
		  const struct mount_point *mp, const cpu_set_t *cpus,
		  struct synthfs_shared *shared);

/*
 * Waits for the daemon of an unmounted file system, as long as it makes
 * progress.  Returns its wait status; or SYNTHFS_STANDS for one that lives, but
 * has neither run nor taken a request for idle_ns: ask again, or kill it.
 * *rss_bytes (may be NULL) is its peak resident set.
 */
#define SYNTHFS_STANDS (-1)
int synthfs_reap(struct synthfs *fs, uint64_t idle_ns, uint64_t *rss_bytes);

/* Ends it.  Whoever waits for it is to be aborted before. */
void synthfs_kill(struct synthfs *fs);

/*
 * Counters and delays in shared memory; NULL when there is none.  A thread of
 * the driver is to lock ->alive before the first start.
 */
struct synthfs_shared *synthfs_shared_new(void);

/* Version of libfuse in use. */
const char *synthfs_libfuse_version(void);

#endif
