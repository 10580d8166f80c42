/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - what one variant of a run measured, and its JSON form.
 *
 * The only owner of the schema in results/SCHEMA.md.  A variant is one
 * (case, method, shape, n, populate, threads); a record holds all its samples
 * in the order of the rounds, so that sample i of two records of one run was
 * measured in the same round and may be paired.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_H
#define FUSE_EPOCH_RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "run_identity.h"
#include "kernel_counts.h"
#include "bench/lib/opcode.h"

#define RECORD_SCHEMA 1

/*
 * What one command reads has no more samples and no more records.  Both take
 * about as much memory as their text, but who gives so many has given something
 * else.
 */
#define RECORD_SAMPLES_MAX 10000000
#define RECORDS_MAX 1000000

enum phase {
	PHASE_POPULATE, /* fill the dentry cache */
	PHASE_WARM_WALK, /* second walk: proves 0 requests */
	PHASE_NOTIFY, /* the notification(s), in the daemon */
	PHASE_BARE_WRITE, /* the same messages by a bare write() loop */
	PHASE_LIST, /* read all directories */
	PHASE_FIRST_TOUCH, /* the first stat below, alone */
	PHASE_REWALK, /* the rest of the names */
	PHASE_RECLAIM, /* waiting until all FORGETs have arrived */
	PHASE_TOTAL, /* notify to coherent: the sum from notify on */
	PHASE_UMOUNT,
	PHASE_HIT, /* case operation: a cached name ... */
	PHASE_MISS, /* ... one that was never looked up ... */
	PHASE_STALE, /* ... and one that a bump made stale */
	PHASE_MAX
};

/* "populate", "warm_walk", ...: the keys in a record. */
const char *phase_name(enum phase ph);

/* Is this phase counted by the tracer, where a record is traced? */
bool phase_has_kernel(enum phase ph);

struct phase_cost {
	uint64_t used; /* 1: it was reached */
	uint64_t cost; /* in the unit of the record's clock */
	uint64_t driver_cpu_ns; /* CPU time of the driver ... */
	uint64_t daemon_cpu_ns; /* ... and of the daemon */
	uint64_t op_cnt[OPCODE_MAX]; /* requests caused by this phase */
	struct kernel_counts kernel;
};

/* Words of 8 bytes each, and nothing else: see struct record_samples. */
struct sample {
	uint64_t start_ns; /* CLOCK_MONOTONIC when it began */
	uint64_t msg_cnt; /* notifications written */
	uint64_t msg_error_cnt; /* of which the kernel refused */
	uint64_t mem_peak_bytes; /* memory of the machine, above the start */
	uint64_t slab_peak_bytes; /* of which slabs; 0: an older record */
	uint64_t daemon_rss_bytes; /* peak resident set of the daemon */
	/* Of a daemon that isn't ours (else 0): */
	uint64_t daemon_start_bytes; /* its resident set when it was mounted */
	uint64_t
		cached_cnt; /* names that the kernel had for the next use ... */
	uint64_t stale_cnt; /* ... and those that it hadn't after the notify */
	uint64_t
		unseen_cnt; /* changes behind that couldn't be seen before it */
	uint64_t seen_cnt; /* of these, those that could after it */
	uint64_t renumbered_cnt; /* names with another st_ino in the end */
	uint64_t tried_bits; /* what was built on it: enum record_break */
	uint64_t broken_bits; /* of that, what the method broke */
	struct phase_cost phase[PHASE_MAX];
};

/* What stands on a daemon's files; bits. */
enum record_break {
	RECORD_SUBMOUNT = 1, /* a mount on one of its folders: gone */
	RECORD_OVERLAY = 2, /* an overlay above it: ESTALE */
};

#define RECORD_COMMAND_BYTES 1024

/*
 * What such a daemon answers, as strace has seen it in a run of its own.  Times
 * are for people: "60 s", "-" (it never said so), or "" (an older record).
 */
struct record_answers {
	char untraced[200]; /* why the rest isn't known; "": it is */
	uint64_t minor; /* of the protocol, 0: not known */
	uint64_t readdirplus; /* 1: it asked for that */
	char entry[64]; /* so long a name may be kept ... */
	char attr[64]; /* ... its attributes ... */
	char negative[64]; /* ... and that there is no such name */
	char notified[64]; /* by itself, of a change: "INVAL_ENTRY", or "-" */
};

/* A daemon that isn't ours, as seen from outside; a time is 0: not at all. */
struct record_daemon {
	char command[RECORD_COMMAND_BYTES]; /* as typed; "": it is ours */
	char change[RECORD_COMMAND_BYTES]; /* how what it serves is changed */
	char notify[RECORD_COMMAND_BYTES]; /* how it is told: method "own" */
	char program[16]; /* its process */
	char library[48]; /* that it has mapped: "libfuse3.so.3.14.0" or "" */
	char package[96]; /* of its program: "bindfs 1.14.7-1"; "": not known */
	uint64_t threads;
	uint64_t devices; /* open /dev/fuse */
	uint64_t listed_cnt; /* names that a listing brought along ... */
	uint64_t listed_of_cnt; /* ... of so many */
	uint64_t entry_ns; /* so long a name was used without a question */
	uint64_t negative_ns; /* the same of one that doesn't exist */
	uint64_t
		changes; /* 0: it is in use, and nothing was changed behind it */
	uint64_t change_ns; /* so long a change behind wasn't seen */
	uint64_t watched_ns; /* nobody looked longer */
	struct record_answers answers;
};

/* Those words of all samples that aren't 0 in each; see record_samples.c. */
struct record_samples {
	uint16_t *word; /* which ones of a struct sample, in their order */
	uint64_t *value; /* room values of each, one word after the other */
	size_t word_cnt, word_room;
	size_t room; /* what lies behind sample_cnt is 0 */
};

struct record {
	char run_id[RUN_ID_BYTES];
	char case_name[24];
	char method[24];
	char shape[16];
	char guarantee[8]; /* what gets stale: "none", "attrs", "names" */
	char populate[16]; /* "readdirplus" or "lookup" */
	char clock_unit[8]; /* "ns" or "insns" */
	char side[8]; /* of a comparison: "base", "again", "new", or "" */
	uint64_t n; /* names below the root */
	unsigned int threads; /* notifying threads */
	unsigned int traced; /* 1: with the kernel's view */
	uint64_t order_seed; /* sides were shuffled by it, see SCHEMA.md; 0: no */
	int exit; /* enum status: ok, failed or skipped */
	char why[200]; /* reason when exit is not 0, else "" */
	struct hostinfo host;
	struct record_daemon *daemon; /* owned, from malloc; NULL: ours */
	size_t samples_before; /* of records that were read before this one */
	size_t sample_cnt;
	struct record_samples samples; /* owned */
};

/* The daemon, or an empty one if it is ours. */
const struct record_daemon *record_daemon_of(const struct record *rec);

/* One variant's samples grow here.  Return 0 or -ENOMEM. */
int record_add_sample(struct record *rec, const struct sample *sample);
int record_add_samples(struct record *rec, const struct record *other);

/* Room for so many, which are all 0; record_trim() gives the rest back. */
int record_reserve(struct record *rec, size_t sample_cnt);
int record_trim(struct record *rec);

/*
 * The word at that offset of a struct sample, of all samples or of one.  NULL: it
 * is 0 in all of them.
 */
const uint64_t *record_column(const struct record *rec, size_t offset);
uint64_t record_value(const struct record *rec, size_t i, size_t offset);
#define RECORD_VALUE(rec, i, member) \
	record_value(rec, i, offsetof(struct sample, member))

/* To write to, until the next call; NULL: no memory. */
uint64_t *record_column_new(struct record *rec, size_t offset);

/* 0 if they are equal in each word, else which comes first in some order. */
int record_compare_samples(const struct record *a, size_t a_nr,
			   const struct record *b, size_t b_nr);

/* Frees what the record owns, not the record. */
void record_free(struct record *rec);

struct record_list {
	const struct record *rec;
	size_t cnt;
};

/*
 * An output_fn (bench/lib/output.h): a struct record_list, each on a line.
 * -EOVERFLOW: JSON can't hold a number.
 */
int record_write(FILE *out, const void *list);

/*
 * Reads all records of a file ("-" is stdin) and appends them to *recs
 * (realloc'ed; *cnt is updated).  A damaged or foreign line ends it: returns
 * -EINVAL and puts "FILE:LINE: what is wrong" into err.  -errno if the file
 * can't be read (err is set as well).  Empty lines are skipped.
 */
int record_read(const char *path, struct record **recs, size_t *cnt, char *err,
		size_t err_len);

#endif
