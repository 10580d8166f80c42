/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events.h - a process that changes files behind the mount at a rate, has the
 * daemon tell the kernel, and looks whether the change is seen.
 */
#ifndef FUSE_EPOCH_WORKLOAD_EVENTS_H
#define FUSE_EPOCH_WORKLOAD_EVENTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "explain.h"
#include "oracle.h"
#include "same.h"
#include "bench/fs/passfs.h"

enum { EVENTS_MAX = 65536 };

struct events_plan {
	unsigned int method; /* index into inval_methods */
	bool all; /* names to be told: all, or those that changed */
	double rate_hz; /* 0: one event, after once_ns */
	uint64_t once_ns;
	bool no_oracle; /* nothing changes, nothing is looked at */
	const char *above; /* a file to look at through the overlay, or NULL */
	unsigned int swallow; /* for tests: each n-th notification isn't sent */
};

/* Shared with the process; read it after its end. */
struct events {
	_Atomic bool stop;
	_Atomic bool ready; /* all is cached; the first event will be due */
	uint64_t due_cnt; /* what a method that keeps up would have done */
	uint64_t cnt, late_cnt, changed_cnt, msg_cnt, msg_error_cnt;
	uint64_t check_cnt, stale_cnt;
	struct same_counts same;
	uint64_t race_cnt[RACE_CNT]; /* stale, but a hazard explains it */
	uint64_t event_ns; /* when the last one was told (CLOCK_MONOTONIC) */
	uint64_t cpu_ns; /* of the process, from the first event on */
	char stale[640]; /* the first that nothing explains */
	char failure[160]; /* "": it ended well */
	uint64_t notify_ns[EVENTS_MAX];
};

struct events *events_new(void);

/*
 * Starts the process.  It works until ->stop, then looks at all names once
 * more.  Returns its pid or -errno.
 */
pid_t events_start(struct events *ev, const struct events_plan *plan,
		   struct oracle *o, struct passfs *fs);

#endif
