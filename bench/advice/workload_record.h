/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workload_record.h - what one cell of `epochbench workload` measured, as read
 * from its JSON form (results/SCHEMA.md, kind "workload").
 */
#ifndef FUSE_EPOCH_ADVICE_WORKLOAD_RECORD_H
#define FUSE_EPOCH_ADVICE_WORKLOAD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "bench/record/record.h"
#include "bench/record/run_identity.h"

#define WORKLOAD_KIND "workload"

/*
 * What one command reads has no more cells: each is held against others of its
 * run, so the time grows with the square.
 */
#define WORKLOAD_CELLS_MAX 10000

/* How long single operations took. */
struct workload_latency {
	uint64_t p50_ns, p99_ns, p999_ns, max_ns;
};

struct workload_tree {
	char source[256]; /* where the real files are */
	uint64_t file_cnt, dir_cnt, symlink_cnt;
	uint64_t file_bytes;
	uint64_t submount_cnt; /* mounted below the mount point */
};

/* How the daemon behaves; of older records all 0. */
struct workload_daemon {
	/* One that isn't ours; then the rest is 0.  "": it is. */
	char command[RECORD_COMMAND_BYTES];
	char program[16], library[48], package[96];
	struct record_answers answers;
	uint32_t renumber; /* 1: files get other numbers after a FORGET */
	uint32_t nlink_zero; /* 1: it is always 0 */
	uint64_t latency_ns; /* before each answer */
};

/*
 * What no event may change: how often it was looked at, and was wrong.  Older
 * records: 0.
 */
struct workload_same {
	uint64_t number_cnt, renumbered_cnt; /* st_ino of a directory */
	uint64_t overlay_cnt, overlay_wrong_cnt; /* a file, through one above */
	uint64_t getcwd_cnt, getcwd_failed_cnt; /* of a process inside */
	uint64_t cwd_lost_cnt; /* 1: also after somebody had walked there */
};

struct workload_events {
	uint64_t due_cnt; /* by the rate, while there were events */
	uint64_t cnt; /* that took place */
	uint64_t
		late_cnt; /* of these, begun late: the one before hadn't ended */
	uint64_t changed_cnt; /* changes behind the mount */
	uint64_t msg_cnt; /* notifications written */
	size_t notify_cnt;
	uint64_t *notify_ns; /* what each event's took; owned */
};

/* The walker, bin by bin; an operation is in the bin in which it ended. */
struct workload_timeline {
	uint64_t bin_ns;
	uint64_t
		event_ns; /* when the notification began, after the first bin */
	size_t bin_cnt; /* 0: the cell has none */
	double before_cnt; /* workload_timeline_sum() */
	uint64_t *op_cnt, *max_ns; /* owned */
};

struct workload_record {
	char run_id[RUN_ID_BYTES], commit[48], time[40];
	char workload[24], method[24];
	char scope[16]; /* "all": about every name, or "changed" */
	char setting[16]; /* setting.h: "": whatever people have */
	char op[16]; /* what is counted: "stat", "read", "run" */
	double rate_hz; /* events that were asked for */
	uint64_t round, wall_ns, op_cnt;
	struct workload_tree tree;
	struct workload_daemon daemon;
	struct {
		char what[64]; /* that shouldn't happen; "": nobody counted */
		uint64_t cnt; /* in all operations */
	} wrong; /* done to files that nobody had changed */
	struct workload_latency latency; /* of the workload's operations */
	uint64_t walker_op_cnt;
	struct workload_latency walker; /* of an innocent process */
	struct workload_events events;
	struct {
		uint64_t check_cnt, stale_cnt, cpu_ns;
		double cost_part; /* of the workload's, 0.01: a hundredth */
	} oracle;
	struct workload_same same;
	struct workload_timeline timeline;
	json_t *requests; /* opcode: how many; owned */
	json_t *explained; /* name of a hazard: stale answers; owned */
	struct hostinfo host;
};

/*
 * Strict: returns 0; -EINVAL with the reason in err (without file and line);
 * or -ENOMEM.  *rec needs no initialisation and owns nothing after an error.
 */
int workload_record_decode(const json_t *root, struct workload_record *rec,
			   char *err, size_t err_len);

/* The same, appended to *recs (realloc'ed; *cnt is updated). */
int workload_record_append(const json_t *root, struct workload_record **recs,
			   size_t *cnt, char *err, size_t err_len);

/* Frees what it owns, and zeroes it. */
void workload_record_release(struct workload_record *rec);

/* Frees the records and the array. */
void workload_records_free(struct workload_record *recs, size_t cnt);

/* Counts the operations in the bins before the event's, once for all. */
void workload_timeline_sum(struct workload_timeline *tl);

/* Is it of this kind?  (Not that it is a good one.) */
bool workload_record_is(const json_t *root);

#endif
