// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/inval/inval.h"
#include "rate_table.h"
#include "rounds.h"
#include "bench/lib/units.h"

static int by_setting(const void *left, const void *right)
{
	const struct workload_record *a =
		*(const struct workload_record *const *)left;
	const struct workload_record *b =
		*(const struct workload_record *const *)right;
	/* One that isn't known here is -1: last. */
	unsigned int nr_a = (unsigned int)inval_by_name(a->method);
	unsigned int nr_b = (unsigned int)inval_by_name(b->method);
	int order = strcmp(a->method, b->method);

	if (nr_a != nr_b)
		return nr_a < nr_b ? -1 : 1;
	if (!order)
		order = strcmp(a->scope, b->scope);
	if (!order)
		order = (a->rate_hz > b->rate_hz) - (a->rate_hz < b->rate_hz);
	return order;
}

static bool same_table(const struct workload_record *a,
		       const struct workload_record *b)
{
	return !strcmp(a->run_id, b->run_id) &&
	       !strcmp(a->workload, b->workload) &&
	       workload_in_table(a) == workload_in_table(b);
}

const struct workload_record **workload_rows(const struct workload_record *recs,
					     size_t cnt,
					     const struct workload_record *like,
					     size_t *row_cnt)
{
	const struct workload_record **row = calloc(cnt + 1, sizeof(*row));

	*row_cnt = 0;
	for (size_t i = 0; row && i < cnt; i++) {
		size_t seen = 0;

		if (!same_table(&recs[i], like))
			continue;
		while (seen < *row_cnt &&
		       !workload_same_row(row[seen], &recs[i]))
			seen++;
		if (seen == *row_cnt)
			row[(*row_cnt)++] = &recs[i];
	}
	if (row)
		qsort(row, *row_cnt, sizeof(*row), by_setting);
	return row;
}

void workload_method_text(const struct workload_record *rec,
			  char buf[WORKLOAD_METHOD_LEN])
{
	bool changed =
		!workload_is_control(rec) && !strcmp(rec->scope, "changed");

	snprintf(buf, WORKLOAD_METHOD_LEN, "%s%s", rec->method,
		 changed ? ":changed" : "");
}

static void add_number(struct table *t, double value, enum unit unit)
{
	char text[UNITS_LEN];

	units_format(value, unit, text, sizeof(text));
	table_number(t, text, value);
}

/* Per operation, or per event: 0.0012, 3.5, 12345. */
static void add_real(struct table *t, double value)
{
	char text[UNITS_LEN] = "-";

	if (isfinite(value))
		snprintf(text, sizeof(text), value < 999.5 ? "%.3g" : "%.0f",
			 value);
	table_number(t, text, value);
}

static void add_labels(struct table *t, const struct workload_row *row)
{
	char rate[UNITS_LEN];

	table_text(t, row->like->method);
	table_text(t, workload_is_control(row->like) ? "-" : row->like->scope);
	snprintf(rate, sizeof(rate), "%g", row->like->rate_hz);
	table_number(t, rate, row->like->rate_hz);
}

/* "50", and "15!" where there should have been more. */
static void add_events(struct table *t, const struct workload_row *row)
{
	char text[UNITS_LEN];

	snprintf(text, sizeof(text), "%llu%s",
		 (unsigned long long)row->event_cnt,
		 workload_keeps_up(row->event_cnt, row->due_cnt) ? "" : "!");
	table_number(t, text, (double)row->event_cnt);
}

/* "0", and "0+2": two that a known hazard explains. */
static void add_stale(struct table *t, const struct workload_row *row)
{
	char text[2 * UNITS_LEN];
	int used = snprintf(text, sizeof(text), "%llu",
			    (unsigned long long)row->stale_cnt);

	if (row->explained_cnt)
		snprintf(text + used, sizeof(text) - (size_t)used, "+%llu",
			 (unsigned long long)row->explained_cnt);
	table_number(t, text, (double)row->stale_cnt);
}

static void add_rounds(struct table *t, size_t cnt)
{
	char text[UNITS_LEN];

	snprintf(text, sizeof(text), "%zu%s", cnt, cnt < 2 ? "!" : "");
	table_number(t, text, (double)cnt);
}

static double mad_pct(const struct stats *st)
{
	/* One sample has no spread, and 0% would claim a perfect one. */
	return st->cnt < 2 || !(st->median > 0) ? NAN
						: 100 * st->mad / st->median;
}

struct head {
	const char *title, *key;
	enum table_rank rank;
};

/* What a table has after the labels. */
struct columns {
	const struct head *head;
	size_t cnt;
	void (*add)(struct table *t, const struct workload_row *row);
};

static struct table *new_table(const struct columns *columns)
{
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "scope", "scope", TABLE_LEFT);
	table_column(t, "rate", "rate_hz", TABLE_RIGHT);
	for (size_t i = 0; i < columns->cnt; i++) {
		table_column(t, columns->head[i].title, columns->head[i].key,
			     TABLE_RIGHT);
		table_rank(t, columns->head[i].rank);
	}
	return t;
}

static struct table *fill_table(const struct workload_record *recs, size_t cnt,
				const struct workload_record *like,
				const struct columns *columns)
{
	struct table *t = new_table(columns);
	size_t row_cnt;
	const struct workload_record **rows =
		workload_rows(recs, cnt, like, &row_cnt);
	struct workload_row row;
	int ret = rows ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < row_cnt; i++) {
		ret = workload_row_sum(recs, cnt, rows[i], &row);
		table_row(t);
		add_labels(t, &row);
		columns->add(t, &row);
	}
	free(rows);
	if (!ret)
		return t;
	table_free(t);
	return NULL;
}

static void add_rates(struct table *t, const struct workload_row *row)
{
	add_number(t, 100 * row->kept.median, UNIT_PCT);
	add_number(t, 100 * row->kept.min, UNIT_PCT);
	add_number(t, 100 * row->kept.max, UNIT_PCT);
	add_number(t, row->per_s.median, UNIT_PER_S);
	add_number(t, row->per_s.min, UNIT_PER_S);
	add_number(t, mad_pct(&row->per_s), UNIT_PCT);
	add_number(t, row->p50_ns.median, UNIT_NS);
	add_number(t, row->p99_ns.median, UNIT_NS);
	add_number(t, row->p999_ns.median, UNIT_NS);
	add_number(t, row->op_max_ns.max, UNIT_NS);
	add_number(t, row->walker_p999_ns.median, UNIT_NS);
	add_number(t, row->stall_ns.max, UNIT_NS);
	add_real(t, row->requests_per_op);
	add_events(t, row);
	add_number(t, (double)row->late_cnt, UNIT_CNT);
	add_stale(t, row);
	add_rounds(t, row->round_cnt);
}

static void add_rates_and_wrong(struct table *t, const struct workload_row *row)
{
	add_rates(t, row);
	add_real(t, row->wrong_per_op.median);
}

struct table *workload_rate_table(const struct workload_record *recs,
				  size_t cnt,
				  const struct workload_record *like)
{
	static const struct head head[] = {
		{ "of control", "kept_median_pct", TABLE_USUAL },
		{ "from", "kept_min_pct", TABLE_LEAST },
		{ "to", "kept_max_pct", TABLE_LEAST },
		{ "per s", "median_per_s", TABLE_USUAL },
		{ "min", "min_per_s", TABLE_LEAST },
		{ "±", "mad_pct", TABLE_LESSER },
		{ "p50", "p50_ns", TABLE_LESSER },
		{ "p99", "p99_ns", TABLE_USUAL },
		{ "p99.9", "p999_ns", TABLE_LEAST },
		{ "longest", "longest_ns", TABLE_LEAST },
		{ "walk p99.9", "walk_p999_ns", TABLE_LEAST },
		{ "stall", "stall_ns", TABLE_USUAL },
		{ "requests", "requests_per_op", TABLE_LESSER },
		{ "events", "event_cnt", TABLE_LEAST },
		{ "late", "late_cnt", TABLE_LEAST },
		{ "stale", "stale_cnt", TABLE_STAYS },
		{ "rounds", "round_cnt", TABLE_LESSER },
		{ "wrong", "wrong_per_op",
		  TABLE_STAYS }, /* the last: only where counted */
	};
	const size_t head_cnt = sizeof(head) / sizeof(head[0]);
	const struct columns columns = { head, head_cnt - 1, add_rates };
	const struct columns all = { head, head_cnt, add_rates_and_wrong };

	return fill_table(recs, cnt, like, *like->wrong.what ? &all : &columns);
}

/* "6 of 57"; "-": nobody looked. */
static void add_part(struct table *t, uint64_t wrong_cnt, uint64_t cnt)
{
	char text[2 * UNITS_LEN + 8] = "-";

	if (cnt)
		snprintf(text, sizeof(text), "%llu of %llu",
			 (unsigned long long)wrong_cnt,
			 (unsigned long long)cnt);
	table_number(t, text, cnt ? (double)wrong_cnt : NAN);
}

static void add_details(struct table *t, const struct workload_row *row)
{
	add_number(t, row->walker_p50_ns.median, UNIT_NS);
	add_number(t, row->walker_p99_ns.median, UNIT_NS);
	add_number(t, row->walker_p999_ns.median, UNIT_NS);
	add_number(t, row->stall_ns.median, UNIT_NS);
	add_number(t, row->stall_ns.max, UNIT_NS);
	add_number(t, row->notify_ns.median, UNIT_NS);
	add_number(t, row->notify_ns.max, UNIT_NS);
	add_real(t, (double)row->msg_cnt / (double)row->event_cnt);
	add_number(t, (double)row->check_cnt, UNIT_CNT);
	add_number(t, 100 * row->oracle_part, UNIT_PCT);
	add_part(t, row->same.renumbered_cnt, row->same.number_cnt);
	add_part(t, row->same.overlay_wrong_cnt, row->same.overlay_cnt);
	add_part(t, row->same.getcwd_failed_cnt, row->same.getcwd_cnt);
}

struct table *workload_detail_table(const struct workload_record *recs,
				    size_t cnt,
				    const struct workload_record *like)
{
	static const struct head head[] = {
		{ "walker: p50", "walker_p50_ns", TABLE_USUAL },
		{ "p99", "walker_p99_ns", TABLE_USUAL },
		{ "p99.9", "walker_p999_ns", TABLE_USUAL },
		{ "stall: median", "stall_median_ns", TABLE_USUAL },
		{ "longest", "stall_ns", TABLE_USUAL },
		{ "notify: median", "notify_median_ns", TABLE_USUAL },
		{ "longest", "notify_max_ns", TABLE_USUAL },
		{ "messages", "messages_per_event", TABLE_USUAL },
		{ "checks", "check_cnt", TABLE_USUAL },
		{ "oracle", "oracle_pct", TABLE_USUAL },
		{ "renumbered", "renumbered_cnt", TABLE_USUAL },
		{ "overlay wrong", "overlay_wrong_cnt", TABLE_USUAL },
		{ "getcwd failed", "getcwd_failed_cnt", TABLE_USUAL },
	};
	const struct columns columns = { head, sizeof(head) / sizeof(head[0]),
					 add_details };

	return fill_table(recs, cnt, like, &columns);
}
