/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * programs.h - the workloads: real programs on the mount.
 */
#ifndef FUSE_EPOCH_WORKLOAD_PROGRAMS_H
#define FUSE_EPOCH_WORKLOAD_PROGRAMS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "histogram.h"
#include "source.h"
#include "bench/fs/passfs.h"

enum { ARG_MAX_CNT = 8, PROGRAM_TEXT_BYTES = 512 };

/* Settings: what people may have, and others haven't. */
#define WORKLOAD_OVERLAY "overlay" /* above the mount; see above.h */
#define WORKLOAD_INSIDE "inside" /* programs that work in the tree */

#define WORKLOAD_GOOD(status) (1ULL << (status))

struct workload {
	const char *name;
	const char *help;
	const char *op; /* what one operation is */
	const char *needs; /* the program */
	const char *const argv[ARG_MAX_CNT];
	const char *const *warm; /* what fills the caches; NULL: the same */
	unsigned long long good; /* bits: exit statuses that are no failure */
	const char *fio; /* text of the job, for those that fio runs */
	/* What it needs beside the tree: 0, or -errno; why not, in err. */
	int (*prepare)(const struct source *s, char *err, size_t err_len);
	/* Whom it stands for, if not for all: WORKLOAD_OVERLAY, ..., or NULL. */
	const char *setting;
	/*
	 * What it shouldn't do to files that nobody has changed, and how often
	 * the run that has just ended did; NULL: nobody counts.
	 */
	const char *wrong;
	uint64_t (*wrong_cnt)(const struct passfs_shared *fs);
};

extern const struct workload workloads[];
/* What a timeline's cell is: the walker alone, after all names were looked up. */
extern const struct workload workload_walk;
extern const unsigned int workload_cnt;

/* Of workload number i, NULL after the last. */
const char *workload_name(size_t i);

/* NULL, or why it can't run here: a sentence that stays. */
const char *workload_missing(const struct workload *w);

/* What a workload did in a cell. */
struct workload_result {
	uint64_t op_cnt;
	uint64_t wall_ns;
	uint64_t p50_ns, p99_ns, p999_ns, max_ns;
	uint64_t wrong_cnt; /* see struct workload */
	char failure[PROGRAM_TEXT_BYTES]; /* "": none */
};

/*
 * What programs that this process starts find in their environment: PATH, and
 * nothing else of the user's, whose GIT_INDEX_FILE, say, is none of ours.
 */
void programs_clean_env(void);

/* Where programs run. */
struct program_env {
	cpu_set_t cpus;
	struct passfs_shared *fs; /* counts what it does there; NULL: nobody */
	pid_t daemon; /* if that ends, so does the program; 0: none */
	uint64_t idle_ns; /* a program that uses no CPU for so long hangs */
	void (*hang)(void); /* called then, must let it end */
};

/*
 * Runs it on the mount for so long (a program: over and over, at least once).
 * Returns 0 or -errno with ->failure.
 */
int workload_run(const struct workload *w, uint64_t run_ns,
		 const struct program_env *env, struct workload_result *res);

/* Fills the caches with what it is going to use.  As workload_run(). */
int workload_warm_up(const struct workload *w, const struct program_env *env,
		     struct workload_result *res);

/*
 * One run of a program: its wait status, -ETIME, or -ENOTCONN (the daemon has
 * ended).  What it says on stderr is in PROGRAM_STDERR then.
 */
#define PROGRAM_STDERR STAGE_DIR "/stderr"
#define FIO_JOB STAGE_DIR "/job.fio"
#define FIO_OUTPUT STAGE_DIR "/fio.json"
int program_run(const char *const *argv, const struct program_env *env);

/*
 * How it ended, for people, with its own words: "git ended with status 128:
 * fatal: adding files failed".  status: as from program_run().
 */
void program_tell(const char *name, int status, const struct program_env *env,
		  char *text, size_t len);

/* A file with this text: 0 or -errno. */
int program_write(const char *path, const char *text);

/* fio.c: the result of the job out of fio's JSON text; -EINVAL: no result. */
int fio_parse(const char *text, struct workload_result *res);

extern const char fio_stat_job[], fio_read_job[], fio_mixed_job[];

#endif
