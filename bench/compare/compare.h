/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - from the records of two sides to judged numbers.  Runs nothing.
 */
#ifndef FUSE_EPOCH_COMPARE_COMPARE_H
#define FUSE_EPOCH_COMPARE_COMPARE_H

#include "judge.h"
#include "bench/record/record.h"

/* One number: a phase of a variant that both sides measured. */
struct compare_cell {
	const struct record *base, *fresh;
	const struct record *again; /* NULL: no A/A that counts */
	const char *no_floor; /* why not, else NULL */
	enum phase phase;
	bool cpu; /* CPU time is compared, not what passed */
	bool rounds; /* as many runs of all sides: those of a round pair */
	struct judgement j;
};

/* A variant that isn't compared, because a side has no numbers of it. */
struct compare_gap {
	const struct record *rec; /* of BASE, or of NEW if that has none */
	const struct record *fresh; /* any of NEW: what names that side */
	bool failed; /* in NEW only, or NEW hasn't got it at all */
	char why[480]; /* "failed in NEW.jsonl: it broke" */
};

struct comparison {
	struct judge_rules rules;
	bool strict; /* as in the options */
	struct compare_cell *cell; /* owned */
	size_t cnt;
	struct compare_gap *gap; /* owned */
	size_t gap_cnt;
	size_t verdict_cnt[VERDICT_MAX];
	bool failed; /* a variant did, in NEW only */
	bool absent; /* a variant is, in NEW; strict: or in BASE */
};

struct compare_options {
	const char *across; /* what is meant to differ: "kernel,fuse" */
	const char *fuse[2]; /* variant of fuse.ko to take of BASE, NEW */
	const char *methods, *sizes, *phases; /* lists; NULL: all */
	bool cpu; /* CPU time of driver and daemon */
	bool force; /* whatever differs */
	bool strict; /* undecided, or only in NEW, is a failure */
};

struct record_set {
	const char *name; /* for messages */
	const struct record *rec;
	size_t cnt;
};

/*
 * Matches and judges; both sets may be the same.  Returns 0; -EINVAL with what
 * to do about it in err; or -ENOMEM.  What is left out is said on stderr.  The
 * comparison points into the sets.
 */
int compare_sets(const struct record_set *base, const struct record_set *fresh,
		 const struct compare_options *opt, struct comparison *out,
		 char *err, size_t err_len);
void compare_free(struct comparison *cmp);

/* What a sample has of that number; false if it didn't reach the phase. */
bool compare_cost(const struct compare_cell *c, const struct record *rec,
		  size_t i, uint64_t *cost);

/* "kernel", "fuse", ...: what --across takes; NULL after the last. */
const char *compare_aspect(size_t i);

/* Runs a side below which nothing can be told apart among cnt numbers. */
unsigned int compare_runs_needed(size_t cnt, const struct judge_rules *rules);

#endif
