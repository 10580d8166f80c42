/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * infer.h - do two sets of samples differ, and by how much?
 *
 * Pure: needs libc and GSL only.  Knows nothing about benchmarks.
 */
#ifndef FUSE_EPOCH_LIB_INFER_H
#define FUSE_EPOCH_LIB_INFER_H

#include <stdbool.h>
#include <stddef.h>

struct rank_test {
	double u; /* pairs in which b is above a; a tie counts half */
	double p; /* two-sided: so far or farther from even, if they are alike */
	bool exact; /* else the normal approximation */
};

/*
 * Mann-Whitney U of b against a.  Exact where both have fewer than 50 samples
 * and none are tied.  NaN if one of them is empty.  Returns 0 or -ENOMEM.
 */
int infer_mann_whitney(const double *a, size_t a_cnt, const double *b,
		       size_t b_cnt, struct rank_test *out);

/*
 * The sign test of cnt differences: the two-sided p that so many, or more, lie on
 * one side of 0.  How far they lie says nothing, so unlike ranks it doesn't ask
 * whether one side spreads more.  What is 0 doesn't count; 1 if nothing does.
 */
double infer_signs(const double *difference, size_t cnt);

/*
 * Holm's adjustment of cnt p-values, in place: whoever rejects those below
 * alpha errs even once with a probability of at most alpha, whatever depends on
 * whatever.  Those that are NaN stay so and don't count.  Returns 0 or -ENOMEM.
 */
int infer_holm(double *p, size_t cnt);

/* b / a - 1: 0.05 is 5% more.  0 if both are 0; HUGE_VAL if only a is. */
double infer_change(double a, double b);

struct change {
	double value; /* from median to median */
	double low, high; /* bootstrap interval, 95% */
};

/*
 * One of the sides of infer_change_of().  Rows belong together, for instance
 * because they were measured in the same round, and are drawn together: row i
 * is value[i * width] up to value[i * width + width - 1].
 */
struct rows {
	const double *value;
	size_t cnt;
	size_t width;
};

/*
 * Mann-Whitney U where samples come in rounds: row i of a and b[i] share one.
 * All are ranked together, but chance may only exchange what is of the same
 * round: then it doesn't matter how rounds differ, or how they were made alike
 * (Hodges and Lehmann, "Rank Methods for Combination of Independent Experiments
 * in Analysis of Variance", 1962: aligned ranks).  Writes the two-sided p, exact
 * for fewer than 50 rounds; NaN if there are none.  Returns 0 or -ENOMEM.
 */
int infer_rounds(const struct rows *a, const double *b, double *p);

/*
 * How the median of b lies to that of a.  If both sides have as many rows, row
 * i of both is drawn together, so that what slowed a round down for all cancels.
 * The same input gives the same interval.  All NaN if a side is empty.  Returns
 * 0 or -ENOMEM.
 */
int infer_change_of(const struct rows *a, const struct rows *b,
		    struct change *out);

#endif
