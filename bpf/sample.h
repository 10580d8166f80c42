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
	uint64_t hit_cnt; /* fresh and relooked */
	struct trace_counts c; /* outcome_cnt[TRACE_FRESH] is filled in */
	struct trace_hist hist;
	struct trace_spreads spreads;
	/* Notifications that go on now, and for how long the oldest has. */
	uint64_t notifying_cnt, notifying_ns;
	uint64_t epoch; /* 0: not known */
};

struct sample {
	uint64_t ns; /* CLOCK_MONOTONIC */
	uint64_t lost[TRACE_LOST_KINDS];
	uint64_t missed_cnt; /* programs that weren't run */
	uint64_t unassigned_cnt; /* of these: revalidations, of any mount */
	size_t cnt;
	struct sample_mount *mounts; /* by dev, ascending */
};

/* Reads the counters; NULL and errno on failure. */
struct sample *sample_read(struct trace *t);
void sample_free(struct sample *s);

/*
 * The counters of one mount alone, without histograms: cheap, and whoever
 * measures something isn't disturbed much.  0 or -errno.
 */
int sample_read_mount(struct trace *t, uint32_t dev, struct sample_mount *m);

/* A mount of which nothing was counted, unless it is there: 0 or -ENOMEM. */
int sample_add(struct sample *s, uint32_t dev);

/* The mount in it, or NULL. */
struct sample_mount *sample_find(const struct sample *s, uint32_t dev);

/*
 * What came between old (NULL: nothing was before) and new.  Maxima and the
 * epoch are those of new.  NULL if there is no memory.
 */
struct sample *sample_between(const struct sample *old,
			      const struct sample *new);

/*
 * What is fresh is a difference of two counters that aren't read at the same
 * time: where it seems to be less than it was, new is as old was.
 */
void sample_follow(const struct sample *old, struct sample *new);

/* Calls of fuse_dentry_revalidate() that said yes or no, and those no. */
uint64_t sample_revalidate_cnt(const struct sample_mount *m);
uint64_t sample_miss_cnt(const struct sample_mount *m);
/* All kinds of notifications but the bump, INVAL_ENTRY and INVAL_INODE. */
uint64_t sample_other_notify_cnt(const struct sample_mount *m);
/* Did anything happen? */
bool sample_is_idle(const struct sample_mount *m);

/* Field i of struct trace_counts is a maximum; all others are sums. */
bool sample_is_max(size_t i);

/* The order of mounts in a sample, for qsort(3). */
int sample_by_dev(const void *a, const void *b);

#endif
