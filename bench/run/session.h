/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - one freshly mounted synthetic tree, and the steps of a case.
 *
 * Each step measures itself into the sample: time, CPU time of both processes,
 * and the requests it caused.
 */
#ifndef FUSE_EPOCH_RUN_SESSION_H
#define FUSE_EPOCH_RUN_SESSION_H

#include <sched.h>
#include <signal.h>

#include "bench/host/ballast.h"
#include "bench/inval/inval.h"
#include "kernel_view.h"
#include "bench/host/mount.h"
#include "bench/record/record.h"
#include "bench/fs/synthfs.h"

enum populate { POPULATE_READDIRPLUS, POPULATE_LOOKUP, POPULATE_MAX };

/* "readdirplus", "lookup" */
const char *populate_name(enum populate p);

/* -1 if there is none of that name. */
int populate_by_name(const char *name);

struct bench_mark { /* where a phase began */
	uint64_t at;
	uint64_t driver_cpu_ns, daemon_cpu_ns;
	uint64_t op_cnt[OPCODE_MAX];
	struct kernel_counts kernel;
};

struct bench {
	struct tree tree;
	const struct inval_method *method;
	unsigned int method_nr;
	unsigned int threads;
	unsigned int round; /* from 0: a case may alternate an order by it */
	enum populate populate;
	cpu_set_t daemon_cpus;
	struct mount_point mp;
	struct synthfs_shared *shared;
	struct synthfs fs;
	struct kernel_view *view; /* NULL: not traced */
	struct bench_mark mark;
	uint64_t mem_start_bytes;
	uint64_t slab_start_bytes;
	bool warming_up; /* this sample isn't kept */
	bool per_message; /* a notify costs what the cheapest message does */
	uint64_t last_n; /* size of the sample before */
	struct ballast ballast;
	char fail[200]; /* what went wrong, for the record */
};

/* Set by SIGINT and friends; long loops end with -ECANCELED then. */
extern volatile sig_atomic_t bench_interrupted;

/* Explains a failure, once (the first cause stays).  Returns err. */
int bench_fail(struct bench *b, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Mounts and lets the daemon answer its first requests. */
int bench_open(struct bench *b);

/*
 * Unmounts whatever is there and ends the daemon, and notes its peak memory.
 * Returns an error when the daemon did not end well.
 */
int bench_close(struct bench *b, struct sample *s);

/* As much as the tree needs; bench_progress() gives it back.  See ballast.h. */
int bench_take_ballast(struct bench *b);

/* Part of the present walk that is done, 0 to 1: for the bar and the ballast. */
void bench_progress(struct bench *b, double part);

/* Fills the cache with all names: PHASE_POPULATE. */
int bench_populate(struct bench *b, struct sample *s);

/*
 * Walks all names again and fails unless that sent no request at all:
 * PHASE_WARM_WALK.
 */
int bench_prove_warm(struct bench *b, struct sample *s);

/* Makes all stale by the method: PHASE_NOTIFY, or PHASE_BARE_WRITE. */
int bench_notify(struct bench *b, struct sample *s, bool bare);

/* The first stat below: PHASE_FIRST_TOUCH. */
int bench_first_touch(struct bench *b, struct sample *s);

/* All other names: PHASE_REWALK. */
int bench_rewalk(struct bench *b, struct sample *s);

/* Adds up notify, first touch, re-walk and reclaim: PHASE_TOTAL. */
void bench_total(struct sample *s);

/* PHASE_UMOUNT. */
int bench_umount(struct bench *b, struct sample *s);

#endif
