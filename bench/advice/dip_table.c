// SPDX-License-Identifier: GPL-2.0-only
/*
 * dip_table.c - the table of the dip and the recovery, and a figure's data.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dip.h"
#include "rate_table.h"
#include "rounds.h"
#include "bench/lib/units.h"

/* Blocks of the line that shows the rate over time. */
#define LINE_WIDTH 50

/* What a row of the table is made from. */
struct dips {
	size_t cnt;
	double *value; /* room for cnt */
	struct dip *dip;
	struct workload_timeline sum; /* of those like the first */
};

static bool same_bins(const struct workload_timeline *a,
		      const struct workload_timeline *b)
{
	return a->bin_ns == b->bin_ns && a->event_ns == b->event_ns &&
	       a->bin_cnt == b->bin_cnt;
}

/* What goes up and down in each round is the event's doing, the rest noise. */
static int add_up(struct workload_timeline *sum,
		  const struct workload_timeline *tl)
{
	if (!sum->op_cnt) {
		*sum = *tl;
		sum->op_cnt = calloc(tl->bin_cnt, sizeof(*sum->op_cnt));
		sum->max_ns = calloc(tl->bin_cnt, sizeof(*sum->max_ns));
		if (!sum->op_cnt || !sum->max_ns)
			return -ENOMEM;
	}
	for (size_t i = 0; same_bins(sum, tl) && i < sum->bin_cnt; i++) {
		sum->op_cnt[i] += tl->op_cnt[i];
		if (tl->max_ns[i] > sum->max_ns[i])
			sum->max_ns[i] = tl->max_ns[i];
	}
	workload_timeline_sum(sum);
	return 0;
}

static int collect(const struct workload_record *recs, size_t cnt,
		   const struct workload_record *like, struct dips *out)
{
	int ret = 0;

	*out = (struct dips){ .value = calloc(cnt + 1, sizeof(*out->value)),
			      .dip = calloc(cnt + 1, sizeof(*out->dip)) };
	if (!out->value || !out->dip)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < cnt; i++) {
		if (!workload_same_row(&recs[i], like))
			continue;
		dip_of(&recs[i].timeline, &out->dip[out->cnt++]);
		ret = add_up(&out->sum, &recs[i].timeline);
	}
	return ret;
}

static void release(struct dips *d)
{
	free(d->value);
	free(d->dip);
	free(d->sum.op_cnt);
	free(d->sum.max_ns);
}

/* The median of one number of all rounds; NaN, too, if one is NaN. */
static double median(const struct dips *d, size_t offset)
{
	struct stats st;

	for (size_t i = 0; i < d->cnt; i++) {
		d->value[i] =
			*(const double *)((const char *)&d->dip[i] + offset);
		if (isnan(d->value[i]))
			return NAN;
	}
	return stats_of_real(d->value, d->cnt, &st) ? NAN : st.median;
}

static void add_median(struct table *t, const struct dips *d, size_t offset,
		       enum unit unit, double scale)
{
	double value = median(d, offset) * scale;
	char text[UNITS_LEN];

	units_format(value, unit, text, sizeof(text));
	table_number(t, text, value);
}

static void add_longest(struct table *t, const struct dips *d, size_t offset)
{
	uint64_t max_ns = 0;
	char text[UNITS_LEN];

	for (size_t i = 0; i < d->cnt; i++) {
		uint64_t one =
			*(const uint64_t *)((const char *)&d->dip[i] + offset);

		if (one > max_ns)
			max_ns = one;
	}
	units_format((double)max_ns, UNIT_NS, text, sizeof(text));
	table_number(t, text, (double)max_ns);
}

/* "123 ms"; "no dip" in most rounds; "not in 4 s" in some round. */
static void add_back(struct table *t, const struct dips *d)
{
	double value = median(d, offsetof(struct dip, back_ns));
	double rest_ns = (double)d->sum.bin_cnt * (double)d->sum.bin_ns -
			 (double)d->sum.event_ns;
	char text[2 * UNITS_LEN] = "not in ";

	if (isnan(value))
		units_format(rest_ns, UNIT_NS, text + strlen(text), UNITS_LEN);
	else if (!(value > 0))
		strcpy(text, "no dip");
	else
		units_format(value, UNIT_NS, text, sizeof(text));
	table_number(t, text, value);
}

static void add_row(struct table *t, const struct workload_record *like,
		    const struct dips *d)
{
	char line[DIP_LINE_BYTES(LINE_WIDTH)], rounds[UNITS_LEN];

	table_row(t);
	table_text(t, like->method);
	table_text(t, workload_is_control(like) ? "-" : like->scope);
	add_median(t, d, offsetof(struct dip, before_per_s), UNIT_PER_S, 1);
	add_median(t, d, offsetof(struct dip, quiet_part), UNIT_PCT, 100);
	add_median(t, d, offsetof(struct dip, lowest_part), UNIT_PCT, 100);
	add_longest(t, d, offsetof(struct dip, quiet_stall_ns));
	add_longest(t, d, offsetof(struct dip, stall_ns));
	add_back(t, d);
	add_median(t, d, offsetof(struct dip, missing_ns), UNIT_NS, 1);
	snprintf(rounds, sizeof(rounds), "%zu%s", d->cnt,
		 d->cnt < 2 ? "!" : "");
	table_number(t, rounds, (double)d->cnt);
	dip_line(&d->sum, LINE_WIDTH, line);
	table_text(t, line);
}

/* What a figure draws: windows, from the event on. */
static int add_series(json_t *series, const struct workload_record *like,
		      const struct workload_timeline *tl)
{
	json_t *ns = json_array(), *part = json_array();
	int ret = 0;

	for (size_t i = 0; i < dip_window_cnt(tl); i++) {
		double value = dip_window_part(tl, i);

		ret |= json_array_append_new(
			ns, json_integer((json_int_t)dip_window_ns(tl, i)));
		ret |= json_array_append_new(
			part, isnan(value) ? json_null() : json_real(value));
	}
	ret |= json_array_append_new(series, json_pack("{s:s,s:s,s:o,s:o}",
						       "method", like->method,
						       "scope", like->scope,
						       "ns", ns, "part", part));
	return ret ? -ENOMEM : 0;
}

static struct table *new_table(void)
{
	static const struct {
		const char *title, *key;
		enum table_rank rank;
	} head[] = {
		{ "before", "before_per_s", TABLE_USUAL },
		{ "lowest before", "quiet_pct", TABLE_LESSER },
		{ "after", "lowest_pct", TABLE_LEAST },
		{ "stall before", "quiet_stall_ns", TABLE_USUAL },
		{ "after", "stall_ns", TABLE_USUAL },
		{ "back to 90%", "back_ns", TABLE_USUAL },
		{ "missing", "missing_ns", TABLE_LESSER },
		{ "rounds", "round_cnt", TABLE_LESSER },
	};
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "scope", "scope", TABLE_LEFT);
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
		table_column(t, head[i].title, head[i].key, TABLE_RIGHT);
		table_rank(t, head[i].rank);
	}
	table_column(t, "over time", "line", TABLE_LEFT);
	table_rank(t, TABLE_LEAST);
	return t;
}

struct table *workload_dip_table(const struct workload_record *recs, size_t cnt,
				 const struct workload_record *like,
				 json_t *series)
{
	struct table *t = new_table();
	size_t row_cnt;
	const struct workload_record **rows =
		workload_rows(recs, cnt, like, &row_cnt);
	int ret = rows ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < row_cnt; i++) {
		struct dips d;

		ret = collect(recs, cnt, rows[i], &d);
		if (!ret)
			add_row(t, rows[i], &d);
		if (!ret && series)
			ret = add_series(series, rows[i], &d.sum);
		release(&d);
	}
	free(rows);
	if (!ret)
		return t;
	table_free(t);
	return NULL;
}

int workload_table_heads(FILE *out, const void *unused)
{
	const struct workload_record like = { .wrong.what = "counted" };
	struct table *const tables[] = { workload_rate_table(NULL, 0, &like),
					 workload_dip_table(NULL, 0, &like,
							    NULL) };
	int ret = 0;

	(void)unused;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		ret |= table_print_text(tables[i], out);
		table_free(tables[i]);
	}
	return ret;
}
