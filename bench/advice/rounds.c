// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

/* Percentiles of fewer operations are the maximum by another name. */
#define P99_OPS_MIN 100
#define P999_OPS_MIN 1000

bool workload_in_table(const struct workload_record *rec)
{
	return !rec->timeline.bin_cnt;
}

bool workload_is_control(const struct workload_record *rec)
{
	return !strcmp(rec->method, "none");
}

static bool same_workload(const struct workload_record *a,
			  const struct workload_record *b)
{
	return !strcmp(a->run_id, b->run_id) &&
	       !strcmp(a->workload, b->workload) &&
	       workload_in_table(a) == workload_in_table(b);
}

bool workload_same_row(const struct workload_record *a,
		       const struct workload_record *b)
{
	/* There is nothing that a control could be about. */
	return same_workload(a, b) && !strcmp(a->method, b->method) &&
	       (workload_is_control(a) || !strcmp(a->scope, b->scope)) &&
	       a->rate_hz == b->rate_hz;
}

const struct workload_record *
workload_control_of(const struct workload_record *recs, size_t cnt,
		    const struct workload_record *rec)
{
	for (size_t i = 0; i < cnt; i++)
		if (workload_is_control(&recs[i]) &&
		    recs[i].round == rec->round && same_workload(&recs[i], rec))
			return &recs[i];
	return NULL;
}

double workload_per_s(const struct workload_record *rec)
{
	return (double)rec->op_cnt * 1e9 / (double)rec->wall_ns;
}

bool workload_is_above(const struct stats *a, const struct stats *b)
{
	return a->cnt >= WORKLOAD_ROUNDS_MIN && b->cnt >= WORKLOAD_ROUNDS_MIN &&
	       a->min > b->max;
}

bool workload_keeps_up(uint64_t event_cnt, uint64_t due_cnt)
{
	return (double)event_cnt >= WORKLOAD_EVENTS_MIN * (double)due_cnt;
}

/* FORGETs want no answer: nobody waits for them. */
static uint64_t answered_cnt(const struct workload_record *rec)
{
	json_t *value;
	const char *opcode;
	uint64_t sum = 0;

	json_object_foreach (rec->requests, opcode, value)
		if (strcmp(opcode, "FORGET") && strcmp(opcode, "BATCH_FORGET"))
			sum += (uint64_t)json_integer_value(value);
	return sum;
}

uint64_t workload_explained_cnt(const struct workload_record *rec)
{
	json_t *value;
	const char *hazard;
	uint64_t sum = 0;

	json_object_foreach (rec->explained, hazard, value)
		sum += (uint64_t)json_integer_value(value);
	return sum;
}

/* What a column of numbers is made from: NaN if a round hasn't got it. */
typedef double pick_fn(const struct workload_record *rec);

static double at_least(uint64_t op_cnt, uint64_t wanted, uint64_t value)
{
	return op_cnt < wanted ? NAN : (double)value;
}

static double pick_p50(const struct workload_record *rec)
{
	return at_least(rec->op_cnt, 1, rec->latency.p50_ns);
}

static double pick_p99(const struct workload_record *rec)
{
	return at_least(rec->op_cnt, P99_OPS_MIN, rec->latency.p99_ns);
}

static double pick_p999(const struct workload_record *rec)
{
	return at_least(rec->op_cnt, P999_OPS_MIN, rec->latency.p999_ns);
}

static double pick_op_max(const struct workload_record *rec)
{
	return at_least(rec->op_cnt, 1, rec->latency.max_ns);
}

static double pick_walker_p50(const struct workload_record *rec)
{
	return at_least(rec->walker_op_cnt, 1, rec->walker.p50_ns);
}

static double pick_walker_p99(const struct workload_record *rec)
{
	return at_least(rec->walker_op_cnt, P99_OPS_MIN, rec->walker.p99_ns);
}

static double pick_walker_p999(const struct workload_record *rec)
{
	return at_least(rec->walker_op_cnt, P999_OPS_MIN, rec->walker.p999_ns);
}

double workload_stall_ns(const struct workload_record *rec)
{
	return at_least(rec->walker_op_cnt, 1, rec->walker.max_ns);
}

static double pick_wrong(const struct workload_record *rec)
{
	return *rec->wrong.what && rec->op_cnt
		       ? (double)rec->wrong.cnt / (double)rec->op_cnt
		       : NAN;
}

static const struct {
	size_t offset; /* of a struct stats in struct workload_row */
	pick_fn *pick;
} columns[] = {
	{ offsetof(struct workload_row, per_s), workload_per_s },
	{ offsetof(struct workload_row, p50_ns), pick_p50 },
	{ offsetof(struct workload_row, p99_ns), pick_p99 },
	{ offsetof(struct workload_row, p999_ns), pick_p999 },
	{ offsetof(struct workload_row, op_max_ns), pick_op_max },
	{ offsetof(struct workload_row, stall_ns), workload_stall_ns },
	{ offsetof(struct workload_row, wrong_per_op), pick_wrong },
	{ offsetof(struct workload_row, walker_p50_ns), pick_walker_p50 },
	{ offsetof(struct workload_row, walker_p99_ns), pick_walker_p99 },
	{ offsetof(struct workload_row, walker_p999_ns), pick_walker_p999 },
};

#define COLUMN_CNT (sizeof(columns) / sizeof(columns[0]))

/* The rounds of a row, and memory for a number of each. */
struct rounds {
	const struct workload_record **rec;
	double *value;
	size_t cnt;
};

static int sum_columns(const struct rounds *all, struct workload_row *row)
{
	int ret = 0;

	for (size_t c = 0; !ret && c < COLUMN_CNT; c++) {
		size_t used = 0;

		for (size_t i = 0; i < all->cnt; i++) {
			double value = columns[c].pick(all->rec[i]);

			if (!isnan(value))
				all->value[used++] = value;
		}
		ret = stats_of_real(
			all->value, used,
			(struct stats *)((char *)row + columns[c].offset));
	}
	return ret;
}

static int sum_kept(const struct rounds *all,
		    const struct workload_record *recs, size_t cnt,
		    struct stats *kept)
{
	size_t used = 0;

	for (size_t i = 0; i < all->cnt; i++) {
		const struct workload_record *rec = all->rec[i], *control;

		control = workload_is_control(rec)
				  ? NULL
				  : workload_control_of(recs, cnt, rec);
		if (control && control->op_cnt)
			all->value[used++] =
				workload_per_s(rec) / workload_per_s(control);
	}
	return stats_of_real(all->value, used, kept);
}

static int sum_notify(const struct rounds *all, struct stats *notify_ns)
{
	size_t cnt = 0;
	double *value;
	int ret;

	for (size_t i = 0; i < all->cnt; i++)
		cnt += all->rec[i]->events.notify_cnt;
	value = calloc(cnt + 1, sizeof(*value));
	if (!value)
		return -ENOMEM;
	cnt = 0;
	for (size_t i = 0; i < all->cnt; i++)
		for (size_t k = 0; k < all->rec[i]->events.notify_cnt; k++)
			value[cnt++] = (double)all->rec[i]->events.notify_ns[k];
	ret = stats_of_real(value, cnt, notify_ns);
	free(value);
	return ret;
}

void workload_same_add(struct workload_same *sum,
		       const struct workload_same *one)
{
	sum->number_cnt += one->number_cnt;
	sum->renumbered_cnt += one->renumbered_cnt;
	sum->overlay_cnt += one->overlay_cnt;
	sum->overlay_wrong_cnt += one->overlay_wrong_cnt;
	sum->getcwd_cnt += one->getcwd_cnt;
	sum->getcwd_failed_cnt += one->getcwd_failed_cnt;
	sum->cwd_lost_cnt += one->cwd_lost_cnt;
}

static void sum_counts(const struct rounds *all, struct workload_row *row)
{
	uint64_t op_cnt = 0, request_cnt = 0;
	bool counted = true; /* nobody does for a daemon that isn't ours */

	for (size_t i = 0; i < all->cnt; i++) {
		const struct workload_record *rec = all->rec[i];

		op_cnt += rec->op_cnt;
		request_cnt += answered_cnt(rec);
		counted &= !rec->daemon.command[0];
		row->due_cnt += rec->events.due_cnt;
		row->event_cnt += rec->events.cnt;
		row->late_cnt += rec->events.late_cnt;
		row->msg_cnt += rec->events.msg_cnt;
		row->check_cnt += rec->oracle.check_cnt;
		row->stale_cnt += rec->oracle.stale_cnt;
		workload_same_add(&row->same, &rec->same);
		row->explained_cnt += workload_explained_cnt(rec);
		if (rec->oracle.cost_part > row->oracle_part)
			row->oracle_part = rec->oracle.cost_part;
	}
	row->requests_per_op =
		op_cnt && counted ? (double)request_cnt / (double)op_cnt : NAN;
}

int workload_row_sum(const struct workload_record *recs, size_t cnt,
		     const struct workload_record *like,
		     struct workload_row *row)
{
	struct rounds all = { .rec = calloc(cnt + 1, sizeof(*all.rec)),
			      .value = calloc(cnt + 1, sizeof(*all.value)) };
	int ret = -ENOMEM;

	*row = (struct workload_row){ .like = like };
	if (!all.rec || !all.value)
		goto out;
	for (size_t i = 0; i < cnt; i++)
		if (workload_same_row(&recs[i], like))
			all.rec[all.cnt++] = &recs[i];
	row->round_cnt = all.cnt;
	sum_counts(&all, row);
	ret = sum_columns(&all, row);
	if (!ret)
		ret = sum_kept(&all, recs, cnt, &row->kept);
	if (!ret)
		ret = sum_notify(&all, &row->notify_ns);
out:
	free(all.rec);
	free(all.value);
	return ret;
}
