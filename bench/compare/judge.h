/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * judge.h - from samples of two sides to a verdict in words.
 *
 * Pure.  A cell is one number that is compared, such as the re-walk after a
 * bump over 10k names.  Its three sets of samples were measured in turns: base
 * twice (A and A'), new once (B).  A and A' are the same, so their difference
 * is the noise floor.  If all three have as many samples, sample i of each
 * belongs to round i.
 */
#ifndef FUSE_EPOCH_COMPARE_JUDGE_H
#define FUSE_EPOCH_COMPARE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/lib/infer.h"

/* Fewer than this say nothing: as google/benchmark's compare.py. */
#define JUDGE_RUNS_MIN 9

enum verdict {
	VERDICT_SAME, /* no difference that matters, and no room for one */
	VERDICT_FASTER,
	VERDICT_SLOWER,
	VERDICT_UNDECIDED, /* the samples don't tell */
	VERDICT_MAX
};

/* "same", "faster", ... */
const char *verdict_name(enum verdict v);

struct judge_rules {
	double alpha; /* of one false alarm among all cells */
	double least; /* a smaller change is no news, however sure */
	double least_cost; /* less isn't told apart by the clock, in its unit */
	double margin; /* "same" rules out changes of this and more */
};

extern const struct judge_rules judge_defaults;

struct judge_side {
	const double *value;
	size_t cnt;
};

struct judgement {
	double base, fresh; /* medians; base: of A and A' together */
	struct change change; /* of fresh to base */
	double floor; /* how far A' may lie from A; NaN: not measured */
	double p; /* that chance alone orders the samples so */
	double p_median; /* that chance alone puts fresh on one side of base */
	double p_holm; /* p, among all cells */
	enum verdict verdict;
	const char *why; /* it is undecided; else NULL */
};

/*
 * Measures one cell: all before p_holm.  again may be empty.
 * Returns 0 or -ENOMEM.
 */
int judge_cell(const struct judge_side *base, const struct judge_side *again,
	       const struct judge_side *fresh, struct judgement *out);

/* Its p alone, which is quickly found: for simulations. */
int judge_chance(const struct judge_side *base, const struct judge_side *again,
		 const struct judge_side *fresh, double *p);

/* Reaches the verdicts of all cells of a comparison.  Returns 0 or -ENOMEM. */
int judge_all(struct judgement *cell, size_t cnt,
	      const struct judge_rules *rules);

/* How far a change must go to be one: above the floor, and not too small. */
double judge_threshold(const struct judgement *j,
		       const struct judge_rules *rules);

#endif
