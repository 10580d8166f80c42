/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * passfs.h - real files through FUSE: a passthrough daemon in its own process.
 *
 * Names, attributes, pages and listings stay valid for an hour, so only a
 * notification shows a change behind the mount.  The daemon answers from
 * several threads, and counts each request in memory that other processes
 * share.
 */
#ifndef FUSE_EPOCH_FS_PASSFS_H
#define FUSE_EPOCH_FS_PASSFS_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/lib/opcode.h"

/* How it behaves, of what daemons out there differ in. */
struct passfs_manner {
	/*
	 * st_ino is the node's number, as with libfuse's high level without
	 * use_ino: another one after a FORGET.  Else that of the real file.
	 */
	bool renumber;
	bool nlink_zero; /* st_nlink is always 0 */
	/* It thinks so long before each answer, in each of its 4 threads. */
	uint64_t latency_ns;
	/*
	 * For tests: READDIRPLUS of what is watched is answered after the next
	 * notification, or after that time; but not that of watched_pid.
	 */
	uint64_t late_ns;
};

/* What the daemon's threads count, and what they are told. */
struct passfs_shared {
	struct passfs_manner manner; /* set before the start; it stays */
	_Atomic uint64_t
		op_cnt[OPCODE_MAX]; /* FORGET: see bench/lib/opcode.h */
	_Atomic uint64_t watched_cnt; /* requests of the process below */
	_Atomic int watched_pid;
	/* Files that are not watched, opened by that process. */
	_Atomic uint64_t program_open_cnt;
	_Atomic int program_pid;
	_Atomic uint32_t fuse_minor; /* the kernel's, after INIT */
	_Atomic uint64_t notified_cnt;
	_Atomic bool expire_only; /* the kernel has FUSE_EXPIRE_ONLY */
};

struct passfs {
	pid_t pid; /* 0: none */
	int control; /* socket to it */
	struct passfs_shared *shared;
};

/* NULL: no memory. */
struct passfs_shared *passfs_shared_new(void);

/*
 * Starts the daemon, pinned to cpus, which mounts the directory source at
 * mountpoint; all counters are 0 then.  Returns 0 or -errno; after that, passfs_reap() is due.
 */
int passfs_start(struct passfs *fs, const char *source, const char *mountpoint,
		 const cpu_set_t *cpus);

/*
 * Waits for its end, and kills it if it makes no progress towards that.  0, or
 * -EIO: it failed.
 */
int passfs_reap(struct passfs *fs);

/* What may be asked of it, one question at a time. */
enum passfs_verb {
	PASSFS_IDLE, /* is it there?  Waits until no request is queued */
	PASSFS_PROBE, /* does the kernel offer the method? */
	PASSFS_NOTIFY, /* write the messages of the method */
	PASSFS_EVIDENCE, /* what was under way when names changed? */
};

/* One name that changed, and the directory that it is in. */
struct passfs_change {
	char dir[256]; /* from the root, "" is the root */
	char name[64];
};

enum { PASSFS_CHANGE_MAX = 8 };

struct passfs_request {
	enum passfs_verb verb;
	unsigned int method; /* index into inval_methods */
	bool all; /* all names that the kernel may know, or the changes only */
	bool swallow; /* for tests: write nothing, and say it was done */
	uint64_t from_ns,
		until_ns; /* EVIDENCE: of interest (CLOCK_MONOTONIC) */
	unsigned int change_cnt;
	struct passfs_change change[PASSFS_CHANGE_MAX];
};

struct passfs_reply {
	int err; /* 0 or -errno */
	uint64_t cost_ns; /* of the notification */
	uint64_t msg_cnt;
	uint64_t msg_error_cnt; /* but names that the kernel doesn't know */
	int first_errno;
	/* EVIDENCE about change[0]: a late reply of that kind was possible. */
	bool readdirplus, getattr;
};

/* 0, the reply's err, or -EPIPE: the daemon is gone. */
int passfs_ask(int control, const struct passfs_request *req,
	       struct passfs_reply *rep);

#endif
