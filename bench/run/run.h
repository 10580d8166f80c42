/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - a planned run: groups of variants, measured in interleaved rounds.
 */
#ifndef FUSE_EPOCH_RUN_RUN_H
#define FUSE_EPOCH_RUN_RUN_H

#include <sched.h>

#include "case.h"
#include "bench/inval/inval.h"
#include "bench.h"
#include "theirs.h"

#define RUN_GROUPS_MAX 128
#define RUN_METHODS_MAX 32

/* Variants that are compared with one another: they differ in the method. */
struct run_group {
	const struct bench_case *bcase;
	struct tree tree;
	enum populate populate;
	unsigned int threads;
	unsigned int rounds;
	const char *unfit; /* why it can't run here, NULL: it can */
	unsigned int method_cnt;
	unsigned int method[RUN_METHODS_MAX]; /* index into inval_methods */
};

struct run_config {
	struct run_group group[RUN_GROUPS_MAX];
	unsigned int group_cnt;
	int driver_cpu;
	cpu_set_t daemon_cpus;
	char cpus[64]; /* as text, for the records */
	const char *mountpoint; /* NULL: make one */
	struct theirs_commands theirs; /* see run_is_theirs() */
	const char *clock; /* NULL: as it is */
	const char *symbols; /* see symbols_write(); NULL: not wanted */
	const char *output; /* records; NULL: none, "-": stdout */
	uint64_t delay_ns[OPCODE_MAX];
	double timeout_s; /* of entries and attributes */
	bool trace; /* with the kernel's view */
	bool suite; /* groups that don't fit are skipped; INC_EPOCH is a must */
};

/* Is it about a daemon that isn't ours? */
static inline bool run_is_theirs(const struct run_config *cfg)
{
	return cfg->theirs.daemon || cfg->theirs.mount;
}

/* Rounds for a tree of n names where the user doesn't say. */
unsigned int run_default_rounds(uint64_t n);

/*
 * Checks root, device and memory, then measures all groups.  Records go to
 * cfg->output, the tables to stdout (unless the records do), talk to stderr.
 * Returns the exit status: 0, 1 (a variant failed), 2, 77 (nothing to do here).
 */
int run_all_groups(struct run_config *cfg);

#endif
