/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs and the tools that load them share: fixed-width types,
 * enums and limits.
 */
#ifndef TRACE_BPF_H
#define TRACE_BPF_H

#include <stdint.h>

enum {
	/*
	 * Hits are counted in an array indexed by the minor of an anonymous
	 * device; those of higher ones, and of block devices, in a hash.
	 */
	TRACE_DIRECT_MINORS = 16384,
	TRACE_MAX_MOUNTS = 4096,
	/* Dentries found stale that still live, and tasks that tear down. */
	TRACE_STALE_BITS = 16,
	TRACE_MAX_STALE = 65536, /* beside those */
	TRACE_TEARDOWN_BITS = 10,
	TRACE_MAX_TEARDOWNS = 16384, /* beside those */
	TRACE_LOOKUP_BITS = 12, /* tasks in fuse_lookup() */
	TRACE_MAX_RETIRING = 1024, /* mounts that end at the same time */
	TRACE_MAX_CPUS = 8192, /* of any kernel: NR_CPUS_RANGE_END */
	TRACE_RING_BYTES = 1 << 20,
	TRACE_BUMPS = 16, /* of each connection that are remembered */
	TRACE_MOUNT_SLOTS = 256, /* mounts whose counters are in an array */
	TRACE_NOTE_BITS = 15, /* notes between two programs, in bits */
	TRACE_PROGRAMS = 64, /* at most: below the alignment of a task */
	TRACE_ONLY_SOME = 1, /* extras on the hot path */
	TRACE_HIST = 2,
	TRACE_PATH_DEPTH = 24,
	TRACE_NAME_BYTES = 64, /* longer names are cut */
	TRACE_COMM_BYTES = 16,
	TRACE_SLOTS = 40, /* of a log2 histogram: up to 2^40 ns, 18 minutes */
	TRACE_BOUNDS =
		22, /* of a distribution; what is beyond has a slot more */
	TRACE_MAX_NOTIFYING = 1024, /* notifications at the same time */
	TRACE_MAX_LOOKUPS = 16384, /* LOOKUPs that are waited for */
};

/* How a call of fuse_dentry_revalidate() ended. */
enum trace_outcome {
	TRACE_FRESH, /* valid, no request (counted as hits minus relooked) */
	TRACE_RELOOKED, /* valid: a LOOKUP said so */
	TRACE_EPOCH, /* stamped with an older epoch */
	TRACE_GONE, /* a LOOKUP said ENOENT */
	TRACE_CHANGED, /* a LOOKUP found another inode, type or generation */
	TRACE_NEGATIVE, /* negative, and expired or not good enough */
	TRACE_BAD, /* of an inode that is bad */
	TRACE_ERROR, /* a LOOKUP failed, or there was no memory for it */
	TRACE_OUTCOMES,
};

/* Notifications, numbered as in <linux/fuse.h>; 0: what can't be read. */
enum trace_notify {
	TRACE_NOTIFY_UNKNOWN,
	TRACE_NOTIFY_POLL,
	TRACE_NOTIFY_INVAL_INODE,
	TRACE_NOTIFY_INVAL_ENTRY,
	TRACE_NOTIFY_STORE,
	TRACE_NOTIFY_RETRIEVE,
	TRACE_NOTIFY_DELETE,
	TRACE_NOTIFY_RESEND,
	TRACE_NOTIFY_INC_EPOCH,
	TRACE_NOTIFY_PRUNE,
	TRACE_NOTIFIES,
};

/*
 * Counters of one mount on one CPU, keyed by its device number as in the
 * kernel (major << 20 | minor).  Each field is written by one program only: a
 * program doesn't interrupt itself on a CPU, so that no addition is lost.
 */
struct trace_counts {
	/* fuse_dentry_revalidate(); fresh is not in here but in the hits. */
	uint64_t outcome_cnt[TRACE_OUTCOMES];
	uint64_t rcu_retry_cnt;
	uint64_t
		behind_cnt; /* bumps that the epoch misses were behind, summed */
	uint64_t behind_max_cnt;
	/* requests */
	uint64_t lookup_cnt;
	uint64_t forget_cnt;
	/* notifications that were accepted, by kind, and those that failed */
	uint64_t notify_cnt[TRACE_NOTIFIES];
	uint64_t notify_failed_cnt;
	/* d_invalidate() */
	uint64_t cascade_cnt; /* after an epoch miss */
	uint64_t cascade_ns;
	uint64_t cascade_max_ns;
	uint64_t cascade_dentry_cnt; /* dentries that died inside */
	uint64_t detach_cnt; /* submounts */
	/* dentries freed: all, and those that nobody had found stale before */
	uint64_t freed_cnt;
	uint64_t torn_cnt;
};

/* What is known of a connection, keyed by its device number. */
struct trace_bump {
	uint64_t epoch; /* after it */
	uint64_t ns; /* CLOCK_MONOTONIC */
	uint32_t pid; /* who wrote it, seen from the first pid namespace */
	char comm[TRACE_COMM_BYTES];
};

struct trace_conn {
	uint64_t epoch;
	uint32_t next; /* slot of the next bump */
	struct trace_bump bumps[TRACE_BUMPS];
};

/* Latencies of revalidations of one mount by outcome, per CPU. */
struct trace_hist {
	uint64_t slots[TRACE_OUTCOMES][TRACE_SLOTS];
	uint64_t sum_ns[TRACE_OUTCOMES];
};

/* What is told of one mount by distributions, per CPU; all but one of times. */
enum trace_spread_kind {
	TRACE_STALL, /* cascades: how long whoever walked there waited */
	TRACE_DIED, /* cascades: dentries that died inside */
	TRACE_QUEUED, /* LOOKUPs, until the daemon has read them */
	TRACE_SERVED, /* and from then on, until it has answered */
	TRACE_NOTIFIED, /* notifications inside the kernel, by kind */
	TRACE_SPREADS = TRACE_NOTIFIED + TRACE_NOTIFIES,
};

/* Decimal, for limits that people choose: 10 us to 10 s, a minute, an hour. */
#define TRACE_TIME_BOUNDS_NS                                                   \
	{                                                                      \
		10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, \
			5000000, 10000000, 25000000, 50000000, 100000000,      \
			250000000, 500000000, 1000000000, 2500000000,          \
			5000000000, 10000000000, 60000000000, 600000000000,    \
			3600000000000,                                         \
	}
#define TRACE_CNT_BOUNDS                                                     \
	{                                                                    \
		1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, \
			20000, 50000, 100000, 200000, 500000, 1000000,       \
			2000000, 5000000, 10000000,                          \
	}

/* A slot counts what is above the bound before and not above its own. */
struct trace_spread {
	uint64_t sum;
	uint64_t slots[TRACE_BOUNDS + 1];
};

struct trace_spreads {
	struct trace_spread of[TRACE_SPREADS];
};

/*
 * A device number comes back: which of the mounts that had it, counted since
 * the tracer began.
 */
struct trace_life {
	uint32_t dev;
	uint32_t generation; /* 0: the first */
};

/* What was counted of a mount that is gone: sums over all CPUs. */
struct trace_gone {
	uint64_t hit_cnt;
	struct trace_counts c;
	struct trace_hist hist;
	struct trace_spreads spreads;
};

/* A notification that the kernel is about, keyed by the thread that wrote it. */
struct trace_notifying {
	uint64_t ns; /* CLOCK_MONOTONIC, when it began */
	uint32_t dev;
	uint32_t notify; /* enum trace_notify */
	uint32_t pid;
	char comm[TRACE_COMM_BYTES];
};

/* A line of the iterator over devices: the daemons of connections. */
struct trace_device {
	uint32_t dev;
	uint32_t pid;
	uint64_t epoch;
};

/* Trouble: what made totals inexact, if it isn't 0. */
enum trace_lost {
	TRACE_LOST_EVENTS, /* the ring was full: totals are exact still */
	TRACE_LOST_COUNTS, /* more mounts than fit */
	TRACE_LOST_STATE, /* no memory for what a task is about */
	TRACE_LOST_KINDS,
};

enum trace_event_kind {
	TRACE_EVENT_BUMP,
	TRACE_EVENT_NOTIFY,
	TRACE_EVENT_CASCADE,
	TRACE_EVENT_DETACH,
	TRACE_EVENT_HANG, /* made by a tool: a notification that goes on */
};

struct trace_event {
	uint64_t ns; /* CLOCK_MONOTONIC, when it ended */
	uint32_t kind;
	uint32_t dev;
	uint32_t pid; /* who did it, or had to wait */
	char comm[TRACE_COMM_BYTES];
	uint32_t notify; /* enum trace_notify */
	int32_t error; /* of a notification */
	uint64_t epoch; /* of the connection: after a bump */
	uint64_t dentry_epoch; /* cascade: of the dentry that was stale */
	uint64_t took_ns; /* a notification, or a cascade: the stall */
	uint64_t dentry_cnt;
	struct trace_bump cause; /* cascade: ns 0 when it is not remembered */
	uint32_t
		depth; /* names that follow, from the dentry up; not the root's */
	uint32_t cut; /* the path had more */
	char names[TRACE_PATH_DEPTH][TRACE_NAME_BYTES];
};

#endif
