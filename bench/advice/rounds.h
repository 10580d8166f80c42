/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rounds.h - the rounds of one setting, summed up.  Pure.
 */
#ifndef FUSE_EPOCH_ADVICE_ROUNDS_H
#define FUSE_EPOCH_ADVICE_ROUNDS_H

#include "workload_record.h"
#include "bench/lib/stats.h"

/* The rounds of a workload with one method, scope and rate. */
struct workload_row {
	const struct workload_record *like; /* one of them, for its labels */
	size_t round_cnt;
	struct stats per_s; /* operations of the workload */
	/*
	 * The same, divided by that of the control in the same round, so that
	 * what slows down the machine for a while cancels out.  cnt 0: there
	 * is no control, or this is it.
	 */
	struct stats kept;
	/* Of each round's percentile; cnt 0: too few operations for one. */
	struct stats p50_ns, p99_ns, p999_ns;
	struct stats op_max_ns; /* the longest operation of each round */
	struct stats stall_ns; /* the longest one of the walker */
	/* Done to unchanged files; cnt 0: nobody counted. */
	struct stats wrong_per_op;
	struct stats walker_p50_ns, walker_p99_ns, walker_p999_ns;
	double requests_per_op; /* that the daemon had to answer */
	uint64_t due_cnt, event_cnt, late_cnt, msg_cnt;
	struct stats notify_ns; /* of all events of all rounds */
	uint64_t check_cnt, stale_cnt, explained_cnt;
	struct workload_same same;
	double oracle_part; /* the largest of a round */
};

/* Was a record measured like another, but for its round? */
bool workload_same_row(const struct workload_record *a,
		       const struct workload_record *b);

/* Is it a cell of the tables?  Else of the dip and the recovery. */
bool workload_in_table(const struct workload_record *rec);

bool workload_is_control(const struct workload_record *rec);

/* The record of the control in the same round, or NULL. */
const struct workload_record *
workload_control_of(const struct workload_record *recs, size_t cnt,
		    const struct workload_record *rec);

/* Adds one's counts to a sum. */
void workload_same_add(struct workload_same *sum,
		       const struct workload_same *one);

/* Operations per second. */
double workload_per_s(const struct workload_record *rec);

/*
 * The walker's longest stall, of which tables show the maximum of a row; NaN: it
 * didn't walk.
 */
double workload_stall_ns(const struct workload_record *rec);

/* Stale answers that a known hazard explains, whichever. */
uint64_t workload_explained_cnt(const struct workload_record *rec);

/*
 * Sums up all records (of recs) that are in a row with like.  Returns 0 or
 * -ENOMEM.
 */
int workload_row_sum(const struct workload_record *recs, size_t cnt,
		     const struct workload_record *like,
		     struct workload_row *row);

/* Were there as many events as were due?  Nine tenths will do. */
#define WORKLOAD_EVENTS_MIN 0.9
bool workload_keeps_up(uint64_t event_cnt, uint64_t due_cnt);

/*
 * Does a's smallest value lie above b's largest?  Both need
 * WORKLOAD_ROUNDS_MIN rounds: what a single one says is chance.
 */
#define WORKLOAD_ROUNDS_MIN 3
bool workload_is_above(const struct stats *a, const struct stats *b);

#endif
