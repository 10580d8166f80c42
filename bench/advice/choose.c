// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "rounds.h"
#include "wrong.h"

/* The cells that are looked at, and room for a number of each. */
struct cells {
	const struct workload_record *rec;
	size_t cnt;
	const struct workload_record *run; /* any of the run */
	double *kept, *stall_ns;
};

static bool in_run(const struct cells *c, const struct workload_record *rec)
{
	return workload_in_table(rec) && !strcmp(rec->run_id, c->run->run_id);
}

static int by_rate(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double *advise_rates(const struct workload_record *recs, size_t cnt,
		     const struct workload_record *like, size_t *rate_cnt)
{
	const struct cells c = { .run = like };
	double *rate = calloc(cnt + 1, sizeof(*rate));

	*rate_cnt = 0;
	for (size_t i = 0; rate && i < cnt; i++) {
		size_t seen = 0;

		if (!in_run(&c, &recs[i]) || !(recs[i].rate_hz > 0))
			continue;
		while (seen < *rate_cnt && rate[seen] != recs[i].rate_hz)
			seen++;
		if (seen == *rate_cnt)
			rate[(*rate_cnt)++] = recs[i].rate_hz;
	}
	if (rate)
		qsort(rate, *rate_cnt, sizeof(*rate), by_rate);
	return rate;
}

size_t advise_nearest(const double *rates, size_t cnt, double rate_hz)
{
	size_t best = 0;

	for (size_t i = 1; i < cnt; i++)
		if (fabs(log(rates[i] / rate_hz)) <
		    fabs(log(rates[best] / rate_hz)))
			best = i;
	return best;
}

static int by_name(const void *left, const void *right)
{
	const struct workload_record *a =
		*(const struct workload_record *const *)left;
	const struct workload_record *b =
		*(const struct workload_record *const *)right;

	return strcmp(a->workload, b->workload);
}

/* The workloads of the run that can be compared with a control. */
static int find_workloads(const struct cells *c, struct advise *a)
{
	a->workload = calloc(c->cnt + 1, sizeof(const void *));
	if (!a->workload)
		return -ENOMEM;
	for (size_t i = 0; i < c->cnt; i++) {
		size_t seen = 0;

		if (!in_run(c, &c->rec[i]) ||
		    !workload_is_control(&c->rec[i]) ||
		    setting_excludes(a->stack.settings, &c->rec[i]))
			continue;
		while (seen < a->workload_cnt &&
		       strcmp(a->workload[seen]->workload, c->rec[i].workload))
			seen++;
		if (seen == a->workload_cnt)
			a->workload[a->workload_cnt++] = &c->rec[i];
	}
	qsort(a->workload, a->workload_cnt, sizeof(const void *), by_name);
	return 0;
}

static bool same_method(const struct workload_record *a,
			const struct workload_record *b)
{
	return !strcmp(a->method, b->method) && !strcmp(a->scope, b->scope);
}

static int find_candidates(const struct cells *c, struct advise *a)
{
	a->candidate = calloc(c->cnt + 1, sizeof(*a->candidate));
	if (!a->candidate)
		return -ENOMEM;
	for (size_t i = 0; i < c->cnt; i++) {
		const struct workload_record *rec = &c->rec[i];
		size_t seen = 0;

		if (!in_run(c, rec) || workload_is_control(rec) ||
		    rec->rate_hz != a->rate_hz)
			continue;
		while (seen < a->candidate_cnt &&
		       !same_method(a->candidate[seen].like, rec))
			seen++;
		if (seen == a->candidate_cnt)
			a->candidate[a->candidate_cnt++].like = rec;
	}
	return 0;
}

/* That workload, in the round of `round`, with the method of `method`. */
static const struct workload_record *
find_cell(const struct cells *c, const struct workload_record *workload,
	  const struct workload_record *round,
	  const struct workload_record *method)
{
	for (size_t i = 0; i < c->cnt; i++) {
		const struct workload_record *rec = &c->rec[i];

		if (in_run(c, rec) && rec->round == round->round &&
		    rec->rate_hz == method->rate_hz &&
		    same_method(rec, method) &&
		    !strcmp(rec->workload, workload->workload))
			return rec;
	}
	return NULL;
}

/* Both numbers of one round; false if a cell is missing. */
static bool sum_round(const struct cells *c, const struct advise *a,
		      const struct workload_record *round,
		      const struct workload_record *method, double *kept,
		      double *stall_ns)
{
	double log_sum = 0;

	*stall_ns = 0;
	for (size_t w = 0; w < a->workload_cnt; w++) {
		const struct workload_record *rec, *control;

		rec = find_cell(c, a->workload[w], round, method);
		control = rec ? workload_control_of(c->rec, c->cnt, rec) : NULL;
		if (!control || !control->op_cnt || !rec->op_cnt)
			return false;
		log_sum += log(workload_per_s(rec) / workload_per_s(control));
		*stall_ns = fmax(*stall_ns, workload_stall_ns(rec));
	}
	*kept = exp(log_sum / (double)a->workload_cnt);
	return true;
}

/* All rounds of a method; those of one workload have the numbers of all. */
static int sum_rounds(const struct cells *c, const struct advise *a,
		      const struct workload_record *method, struct stats *kept,
		      struct stats *stall_ns)
{
	size_t used = 0;
	int ret;

	for (size_t i = 0; i < c->cnt; i++) {
		const struct workload_record *rec = &c->rec[i];

		if (in_run(c, rec) && same_method(rec, method) &&
		    rec->rate_hz == method->rate_hz &&
		    !strcmp(rec->workload, method->workload))
			used += sum_round(c, a, rec, method, &c->kept[used],
					  &c->stall_ns[used]);
	}
	ret = stats_of_real(c->kept, used, kept);
	return ret ? ret : stats_of_real(c->stall_ns, used, stall_ns);
}

/* Of a method at its rate, as the rows of the tables have it. */
static double longest_stall_ns(const struct cells *c,
			       const struct workload_record *method)
{
	double longest_ns = NAN;

	for (size_t i = 0; i < c->cnt; i++)
		if (in_run(c, &c->rec[i]) && same_method(&c->rec[i], method) &&
		    c->rec[i].rate_hz == method->rate_hz)
			longest_ns =
				fmax(longest_ns, workload_stall_ns(&c->rec[i]));
	return longest_ns;
}

static void count(const struct cells *c, struct advise_candidate *one)
{
	for (size_t i = 0; i < c->cnt; i++) {
		const struct workload_record *rec = &c->rec[i];

		if (!in_run(c, rec) || !same_method(rec, one->like) ||
		    rec->rate_hz != one->like->rate_hz)
			continue;
		one->due_cnt += rec->events.due_cnt;
		one->event_cnt += rec->events.cnt;
		one->stale_cnt += rec->oracle.stale_cnt;
	}
	one->longest_stall_ns = longest_stall_ns(c, one->like);
}

/* Does it get along with all that somebody has? */
static enum advise_why judge_settings(const struct advise *a,
				      struct advise_candidate *one)
{
	for (size_t i = 0; i < SETTING_CNT; i++) {
		struct setting_harm harm = setting_harm(i, &one->same);

		if (!(a->stack.settings & 1U << i) ||
		    (harm.cnt && !harm.wrong_cnt))
			continue;
		one->setting = (enum advise_setting)i;
		return harm.cnt ? ADVISE_HARMS : ADVISE_UNSEEN;
	}
	return ADVISE_FITS;
}

static enum advise_why judge(const struct advise *a,
			     struct advise_candidate *one)
{
	enum advise_why why;

	if (!one->method)
		return ADVISE_UNKNOWN;
	if (one->guarantee == GUARANTEE_SOME)
		return ADVISE_PROMISES_NOTHING;
	if (a->stack.submount_cnt && one->method->hazards & HAZARD_SUBMOUNT)
		return ADVISE_DETACHES;
	if (one->stale_cnt)
		return ADVISE_IS_STALE;
	if (!one->event_cnt)
		return ADVISE_NO_EVENT;
	if (!workload_keeps_up(one->event_cnt, one->due_cnt))
		return ADVISE_BEHIND;
	why = judge_settings(a, one);
	if (why != ADVISE_FITS)
		return why;
	if (one->wrong)
		return ADVISE_DOES_WRONG;
	return one->kept.cnt ? ADVISE_FITS : ADVISE_PARTLY;
}

static int look_at(const struct cells *c, const struct advise *a,
		   struct advise_candidate *one)
{
	int nr = inval_by_name(one->like->method);
	int ret;

	if (nr >= 0) {
		one->method = &inval_methods[nr];
		one->guarantee = one->method->guarantee;
	}
	count(c, one);
	ret = sum_rounds(c, a, one->like, &one->kept, &one->stall_ns);
	if (!ret)
		ret = advise_find_wrong(c->rec, c->cnt, a->stack.settings, one);
	one->same = setting_sum(c->rec, c->cnt, one->like);
	one->why = judge(a, one);
	return ret;
}

int advise_of(const struct workload_record *recs, size_t cnt,
	      const struct workload_record *like, double rate_hz,
	      const struct advise_stack *stack, struct advise *out)
{
	struct cells c = { .rec = recs,
			   .cnt = cnt,
			   .run = like,
			   .kept = calloc(cnt + 1, sizeof(double)),
			   .stall_ns = calloc(cnt + 1, sizeof(double)) };
	int ret = c.kept && c.stall_ns ? 0 : -ENOMEM;

	*out = (struct advise){ .rate_hz = rate_hz, .stack = *stack };
	if (!ret)
		ret = find_workloads(&c, out);
	if (!ret)
		ret = find_candidates(&c, out);
	for (size_t i = 0; !ret && i < out->candidate_cnt; i++)
		ret = look_at(&c, out, &out->candidate[i]);
	if (!ret && out->workload_cnt)
		out->control_longest_stall_ns =
			longest_stall_ns(&c, out->workload[0]);
	free(c.kept);
	free(c.stall_ns);
	if (ret)
		advise_release(out);
	return ret;
}

void advise_release(struct advise *a)
{
	free(a->workload);
	free(a->candidate);
	memset(a, 0, sizeof(*a));
}

static bool may_choose(const struct advise_candidate *one,
		       const struct advise_daemon *asking)
{
	return one->why == ADVISE_FITS &&
	       (asking->knows || !strcmp(one->like->scope, "all")) &&
	       (asking->names_stay || one->guarantee == GUARANTEE_NAMES);
}

/* The one that keeps most, whether measurably so or not. */
static const struct advise_candidate *
least_lost(const struct advise *a, const struct advise_daemon *asking)
{
	const struct advise_candidate *best = NULL;

	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];

		if (may_choose(one, asking) &&
		    (!best || one->kept.median > best->kept.median))
			best = one;
	}
	return best;
}

/* The calmest of those that lose no more than the least. */
static const struct advise_candidate *
shortest_stall(const struct advise *a, const struct advise_daemon *asking,
	       const struct advise_candidate *least)
{
	const struct advise_candidate *best = least;

	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];

		if (may_choose(one, asking) &&
		    !workload_is_above(&least->kept, &one->kept) &&
		    one->stall_ns.median < best->stall_ns.median)
			best = one;
	}
	return best;
}

static void find_calmer(const struct advise *a,
			const struct advise_daemon *asking,
			struct advise_choice *out)
{
	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];

		if (may_choose(one, asking) &&
		    workload_is_above(&out->best[0]->stall_ns,
				      &one->stall_ns) &&
		    (!out->calmer ||
		     one->stall_ns.median < out->calmer->stall_ns.median))
			out->calmer = one;
	}
}

void advise_choose(const struct advise *a, const struct advise_daemon *asking,
		   struct advise_choice *out)
{
	const struct advise_candidate *least = least_lost(a, asking), *calm;
	size_t least_cnt = 0; /* that lose no more than it */

	*out = (struct advise_choice){ .best_cnt = 0 };
	if (!least)
		return;
	out->least = least;
	calm = shortest_stall(a, asking, least);
	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];

		if (!may_choose(one, asking))
			continue;
		out->fit_cnt++;
		if (workload_is_above(&least->kept, &one->kept))
			continue;
		least_cnt++;
		if (!workload_is_above(&one->stall_ns, &calm->stall_ns) &&
		    out->best_cnt < ADVISE_BEST_MAX)
			out->best[out->best_cnt++] = one;
	}
	out->by_stall = out->best_cnt == 1 && least_cnt > 1;
	if (out->best_cnt == 1)
		find_calmer(a, asking, out);
}
