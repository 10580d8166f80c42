/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach.h - the tracer's programs, loaded and attached to the running kernel.
 *
 * What the kernel offers is in its BTF.  Its version is never asked.
 */
#ifndef FUSE_EPOCH_ATTACH_H
#define FUSE_EPOCH_ATTACH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "trace.bpf.h"

struct trace;

struct trace_options {
	bool counts; /* fuse_dentry_revalidate() and requests */
	bool hist; /* and latencies */
	bool spreads; /* with counts: how long all else takes, and what cascades kill */
	bool events; /* bumps, notifications, cascades, detached submounts */
	uint64_t
		min_ns; /* shorter cascades and notifications but bumps: no events */
	bool singles; /* cascades in which no other dentry died are events */
	bool bumps_only; /* other notifications are no events */
	uint32_t only_dev; /* events of this mount only; 0: of all */
	pid_t pid; /* 0: all processes */
	const char *comm; /* NULL: all; names are cut to 15 bytes */
	bool verbose; /* what libbpf says goes to stderr */
};

/* What is there to know about a tracer that runs. */
struct trace_features {
	bool epochs; /* this kernel's FUSE has them */
	bool module; /* FUSE is a module, which stays pinned */
	char missing
		[256]; /* functions and such that can't be seen, "" mostly */
};

/*
 * Loads and attaches; NULL on failure, and then *why says what is missing and
 * what to do about it.
 */
struct trace *trace_open(const struct trace_options *options, char *why,
			 size_t len);
void trace_close(struct trace *t);

const struct trace_features *trace_features(const struct trace *t);

/* Map file descriptors, for sample.c; -1 if there is none by that name. */
int trace_map(const struct trace *t, const char *name);
/*
 * Counters of enum trace_lost; how often a program wasn't run, neither by
 * itself nor, where it is there twice (pairs.bpf.h), by its second (what only
 * histograms lack isn't among them: hits are counted all the same); and how
 * many of these were ends of fuse_dentry_revalidate(): that program is there
 * once only, and what it missed can't be given to a mount.
 */
uint64_t trace_lost(const struct trace *t, enum trace_lost kind);
uint64_t trace_missed(const struct trace *t);
uint64_t trace_unassigned(const struct trace *t);

/*
 * Calls fn for each FUSE device that a process has open; the same connection
 * comes as often as it is open.  Returns 0 or -errno.
 */
int trace_devices(struct trace *t,
		  void (*fn)(const struct trace_device *device, void *arg),
		  void *arg);

/*
 * Waits up to timeout_ms for events and calls fn for each, as long as that
 * returns true.  Returns how many came, or -errno (-EINTR: a signal,
 * -ECANCELED: fn wanted no more).
 */
int trace_poll(struct trace *t, int timeout_ms,
	       bool (*fn)(const struct trace_event *e, void *arg), void *arg);

/*
 * Calls fn for each notification that the kernel is about, until it returns
 * anything but 0; with spreads or events only, by one thread at a time.
 * Returns that, or 0, or -errno.
 */
int trace_notifying(struct trace *t,
		    int (*fn)(const struct trace_notifying *n, void *arg),
		    void *arg);

/* Remember a connection, unless it is known: it was there before any bump. */
void trace_note_conn(struct trace *t, uint32_t dev,
		     const struct trace_conn *conn);

#endif
