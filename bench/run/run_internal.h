/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run_internal.h - between run.c and run_prepare.c.
 */
#ifndef FUSE_EPOCH_RUN_RUN_INTERNAL_H
#define FUSE_EPOCH_RUN_RUN_INTERNAL_H

#include "bench/host/param.h"
#include "run.h"
#include "theirs.h"
#include "bench/record/run_identity.h"

struct run {
	struct run_config *cfg;
	struct bench bench;
	struct hostinfo host;
	struct theirs theirs; /* where cfg->theirs is */
	struct param rt_limit; /* see take_turns_exactly() */
	char run_id[RUN_ID_BYTES];
	int support[RUN_METHODS_MAX]; /* of each method: 0 or -errno */
	struct record *rec; /* all of them, group by group */
	size_t rec_cnt;
	size_t shown_cnt; /* those whose tables are printed already */
};

/*
 * Checks root, device, memory, mount point and output; pins the driver and
 * catches signals.  Returns 0 or the exit status, having said why.
 */
int run_prepare(struct run *r);

/*
 * Asks the kernel, through a mount of one name, what it offers: r->support and
 * the protocol minor.  Returns 0 or -errno, having said why.
 */
int run_probe(struct run *r);

/*
 * From here on bench_open() starts cfg->theirs, if there is one.  0 or an
 * exit status, having said why.
 */
int run_use_theirs(struct run *r);

/*
 * Attaches the tracer, when FUSE is there for sure.  Returns 0 or an exit
 * status, having said what is missing.
 */
int run_trace(struct run *r);

/*
 * Writes what is measured so far: a run that is killed later loses no group that
 * was done.  A stream gets all of it once, at the end, and a place that can't
 * take it now may be able to by then.
 */
void run_save_so_far(const struct run *r, size_t cnt);

/*
 * Prints the tables that are complete when the first cnt records are, if they
 * aren't yet, and if stdout is for tables.
 */
void run_show_so_far(struct run *r, size_t cnt);

/* Before anything is measured: is there each column that was named?  As view_check(). */
int run_check_columns(const struct run *r);

/* Writes and prints all.  Returns the exit status. */
int run_deliver(const struct run *r);

#endif
