/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * theirs.h - a sample on a daemon that isn't ours, instead of synthfs: it serves
 * real files, and nobody but the kernel and /proc tells what it does.
 */
#ifndef FUSE_EPOCH_RUN_THEIRS_H
#define FUSE_EPOCH_RUN_THEIRS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench.h"
#include "bench/daemon/daemon.h"
#include "bench/daemon/mounted.h"
#include "bench/daemon/served.h"
#include "bench/record/record.h"

/*
 * What a user says of it: commands, or (mount) where one is mounted that is in
 * use: then it is only read.  NULL: not said.
 */
struct theirs_commands {
	const char *daemon, *change, *notify;
	const char *mount;
};

struct theirs {
	char root[PATH_MAX]; /* where it is mounted */
	struct mounted *mounted; /* names of one in use; NULL: it serves ours */
	char *notify; /* what it does itself, for the shell; or NULL */
	struct served served;
	struct daemon daemon;
	uint64_t cpu_ns; /* the most that its processes had used */
	uint64_t *ino; /* by slot: st_ino as it was seen last */
	struct record_daemon facts; /* its command, and what a warm-up saw */
};

/*
 * mount: where ours will be; *n: how many names, and of one in use no more than
 * it has.  0, or -errno with a sentence in err.
 */
int theirs_begin(struct theirs *t, const struct theirs_commands *c,
		 const char *mount, uint64_t *n, char *err, size_t len);
void theirs_end(struct theirs *t);

/* What can be seen of it now: threads begin when there is work. */
void theirs_note_facts(struct theirs *t);

/* What it answers; nothing may be measured meanwhile. */
void theirs_ask(const struct bench *b, struct record_answers *a);

/* As those of session.h and measure.h. */
int theirs_open(struct bench *b);
int theirs_close(struct bench *b, struct sample *s);
int theirs_drain(struct bench *b, uint64_t *at);

/* How many names have another st_ino than at the last time. */
uint64_t theirs_renumbered_cnt(const struct bench *b);

/* CPU time of its processes; those that end meanwhile aren't missed. */
uint64_t theirs_cpu_ns(struct theirs *t);

/* Was its connection aborted, as it did nothing any more? */
bool theirs_was_hung(const struct theirs *t);

/* The path of a name, from 1; len: PATH_MAX will do. */
void theirs_path(const struct bench *b, uint64_t slot, char *path, size_t len);

/* How many names of the tree the kernel would use now without a question. */
uint64_t theirs_cached_cnt(const struct bench *b);

#endif
