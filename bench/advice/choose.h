/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * choose.h - which method costs least, by what was measured.  Pure.
 *
 * There is no model: it says nothing about a rate or a workload that wasn't
 * measured, and what lies within the spread of the rounds is no difference.
 */
#ifndef FUSE_EPOCH_ADVICE_CHOOSE_H
#define FUSE_EPOCH_ADVICE_CHOOSE_H

#include <stdio.h>

#include "bench/inval/inval.h"
#include "setting.h"
#include "workload_record.h"
#include "bench/lib/stats.h"

/* Why a method can't be chosen. */
enum advise_why {
	ADVISE_FITS,
	ADVISE_UNKNOWN, /* a method of another version */
	ADVISE_PROMISES_NOTHING,
	ADVISE_DETACHES, /* and there are submounts */
	ADVISE_IS_STALE, /* answers that nothing explains */
	ADVISE_NO_EVENT, /* none fell into its cells */
	ADVISE_BEHIND, /* fewer events than were due: another rate, in truth */
	ADVISE_DOES_WRONG, /* to files that nobody has changed */
	ADVISE_HARMS, /* what somebody has on the mount */
	ADVISE_UNSEEN, /* with that it wasn't measured */
	ADVISE_PARTLY, /* not with each workload, or not in one round */
};

struct advise_candidate {
	const struct workload_record *like; /* one of its records */
	const struct inval_method *method; /* NULL: not known here */
	enum guarantee guarantee;
	enum advise_why why;
	/*
	 * By round, over all workloads: the geometric mean of the throughput as
	 * a part of the control's, and the walker's longest stall, to compare.
	 */
	struct stats kept, stall_ns;
	double longest_stall_ns; /* as the tables say, over all workloads */
	uint64_t due_cnt, event_cnt, stale_cnt;
	/* What programs did that they shouldn't, per operation, or NULL. */
	const char *wrong;
	double wrong_per_op;
	struct workload_same same; /* at all rates */
	enum advise_setting setting; /* if it harms that, or wasn't seen */
};

/* What somebody has. */
struct advise_stack {
	uint64_t submount_cnt;
	unsigned int settings; /* bits 1 << enum advise_setting */
};

struct advise {
	double rate_hz; /* measured */
	struct advise_stack stack; /* as asked */
	const struct workload_record **workload; /* one of each; owned */
	size_t workload_cnt;
	struct advise_candidate *candidate; /* owned */
	size_t candidate_cnt;
	double control_longest_stall_ns;
};

/* The measured rates of the run of like, ascending, from malloc; or NULL. */
double *advise_rates(const struct workload_record *recs, size_t cnt,
		     const struct workload_record *like, size_t *rate_cnt);

/* The index of the nearest of them, by ratio; cnt isn't 0. */
size_t advise_nearest(const double *rates, size_t cnt, double rate_hz);

/*
 * What the run of like says about a rate that was measured, for whoever
 * has that.  Returns 0, to be released; or -ENOMEM.
 */
int advise_of(const struct workload_record *recs, size_t cnt,
	      const struct workload_record *like, double rate_hz,
	      const struct advise_stack *stack, struct advise *out);
void advise_release(struct advise *a);

/* Who asks. */
struct advise_daemon {
	bool knows; /* what changed, so that it can tell just that */
	bool names_stay; /* only attributes and data change */
};

#define ADVISE_BEST_MAX 16
struct advise_choice {
	/* One: the winner.  More: no measurable difference between them. */
	const struct advise_candidate *best[ADVISE_BEST_MAX];
	size_t best_cnt;
	size_t fit_cnt; /* that could be chosen from */
	bool by_stall; /* the winner isn't so by its throughput */
	const struct advise_candidate *least; /* that loses least, or NULL */
	/* Costs more than the winner, but stalls are shorter; or NULL. */
	const struct advise_candidate *calmer;
};

/*
 * Least throughput lost; where that doesn't differ measurably, the shortest of
 * the longest stalls.
 */
void advise_choose(const struct advise *a, const struct advise_daemon *asking,
		   struct advise_choice *out);

#endif
