/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h - the running sample: what all of its steps share.
 */
#ifndef FUSE_EPOCH_RUN_BENCH_H
#define FUSE_EPOCH_RUN_BENCH_H

#include <sched.h>
#include <signal.h>

#include "bench/fs/synthfs.h"
#include "bench/host/ballast.h"
#include "bench/host/mount.h"
#include "bench/inval/inval.h"
#include "bench/record/record.h"
#include "kernel_view.h"

struct theirs; /* theirs.h */

enum populate { POPULATE_READDIRPLUS, POPULATE_LOOKUP, POPULATE_MAX };

/* "readdirplus", "lookup" */
const char *populate_name(enum populate p);

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
	uint32_t dev; /* what is mounted there: major << 20 | minor */
	int abort_fd; /* aborts it, and never what gets its number later; or -1 */
	struct synthfs_shared *shared;
	struct synthfs fs;
	struct theirs
		*theirs; /* a daemon that isn't ours; NULL: it is synthfs */
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

/* As much as the tree needs; bench_progress() gives it back. */
int bench_take_ballast(struct bench *b);

/* Part of the present walk that is done, 0 to 1: for the bar and the ballast. */
void bench_progress(struct bench *b, double part);

#endif
