/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sample.h - the counters of all mounts at one time, and the difference of two
 * such samples.
 */
#ifndef FUSE_EPOCH_SAMPLE_H
#define FUSE_EPOCH_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace.bpf.h"

struct trace;

/* Sums over all CPUs; of maxima the maximum. */
struct sample_mount {
	uint32_t dev; /* major << 20 | minor */
	uint32_t generation; /* which of the mounts that had it, from 0 */
	uint64_t
		gone_ns; /* when it was first read that it ended; 0: it lives */
	uint64_t hit_cnt; /* fresh and relooked */
	struct trace_counts c; /* outcome_cnt[TRACE_FRESH] is filled in */
	struct trace_hist hist;
	struct trace_spreads spreads;
	/* Notifications that go on now, and for how long the oldest has. */
	uint64_t notifying_cnt, notifying_ns;
	uint64_t epoch; /* 0: not known */
	bool epoch_asked; /* in vain, or it is known */
};

struct sample {
	uint64_t ns; /* CLOCK_MONOTONIC */
	uint64_t lost[TRACE_LOST_KINDS];
	uint64_t missed_cnt; /* programs that weren't run */
	uint64_t unassigned_cnt; /* of these: revalidations, of any mount */
	size_t cnt;
	struct sample_mount *mounts; /* by dev and generation, ascending */
	size_t life_cnt;
	struct trace_life *lives; /* by dev: generations that aren't 0 */
};

/*
 * Reads the counters, also of mounts that are gone, those once only.  NULL and
 * errno on failure.
 */
struct sample *sample_read(struct trace *t);
void sample_free(struct sample *s);

/* Has a file system ended since, so that another may have its number? */
bool sample_is_outdated(const struct sample *s, struct trace *t);

/*
 * The counters of one mount alone, without histograms: cheap, and whoever
 * measures something isn't disturbed much.  0 or -errno.
 */
int sample_read_mount(struct trace *t, uint32_t dev, struct sample_mount *m);

/*
 * Mounts of which nothing was counted, unless they are there; by device, one
 * may be listed more than once.  0 or -ENOMEM.
 */
int sample_add(struct sample *s, const struct trace_life *lives, size_t cnt);

/*
 * What is gone stays for a time after it was first read: what was gone in an
 * older sample of the same tracer is in the new one, too.  0 or -ENOMEM.
 */
int sample_keep_gone(const struct sample *old, struct sample *new,
		     uint64_t max_ns);

/* The mount in it, or NULL. */
struct sample_mount *sample_find(const struct sample *s, uint32_t dev,
				 uint32_t generation);

/* Which generation a device number had then. */
uint32_t sample_generation(const struct sample *s, uint32_t dev);

/* Into its order, if what is in it was put there in another. */
void sample_sort(struct sample *s);

/*
 * What came between old (NULL: nothing was before) and new.  Maxima and the
 * epoch are those of new.  NULL if there is no memory.
 */
struct sample *sample_between(const struct sample *old,
			      const struct sample *new);

/*
 * What is fresh is a difference of two counters that aren't read at the same
 * time: where it seems to be less than it was, new is as old was.  So is an
 * epoch that is known no more, since the mount is gone.
 */
void sample_follow(const struct sample *old, struct sample *new);

/* Calls of fuse_dentry_revalidate() that said yes or no, and those no. */
uint64_t sample_revalidate_cnt(const struct sample_mount *m);
uint64_t sample_miss_cnt(const struct sample_mount *m);
/*
 * Those that aren't in the histograms, if there are such: the kernel skipped the
 * program at their beginning, or they began before it was there.
 */
uint64_t sample_untimed_cnt(const struct sample_mount *m);
/* All kinds of notifications but the bump, INVAL_ENTRY and INVAL_INODE. */
uint64_t sample_other_notify_cnt(const struct sample_mount *m);
/* Is that field (of 64 bits) of struct trace_counts a maximum, not a sum? */
bool sample_is_max(size_t field);
/* Did anything happen? */
bool sample_is_idle(const struct sample_mount *m);

#endif
