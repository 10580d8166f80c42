// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/record/record_text.h"
#include "report_detail.h"
#include "phase_stats.h"
#include "summary.h"
#include "bench/lib/units.h"

/* The columns with which each row here begins. */
static struct table *new_table(void)
{
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "shape", "shape", TABLE_LEFT);
	table_column(t, "names", "n", TABLE_RIGHT);
	table_column(t, "phase", "phase", TABLE_LEFT);
	return t;
}

static void add_labels(struct table *t, const struct record *rec, enum phase ph)
{
	char n[UNITS_LEN];

	units_format((double)rec->n, UNIT_NAMES, n, sizeof(n));
	table_text(t, rec->method);
	table_text(t, rec->shape);
	table_number(t, n, (double)rec->n);
	table_text(t, phase_name(ph));
}

static void add_phase_row(struct table *t, const struct record *rec,
			  enum phase ph)
{
	struct stats st = phase_stats(rec, ph);
	enum unit unit = record_cost_unit(rec);
	double value[] = { st.min, st.median, st.cnt > 1 ? st.mad : NAN,
			   st.max };
	char text[UNITS_LEN];

	if (!st.cnt || rec->exit)
		return;
	table_row(t);
	add_labels(t, rec, ph);
	snprintf(text, sizeof(text), "%zu%s", st.cnt, st.cnt < 2 ? "!" : "");
	table_number(t, text, (double)st.cnt);
	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		units_format(value[i], unit, text, sizeof(text));
		table_number(t, text, value[i]);
	}
}

struct table *report_phase_table(const struct record *const *rec, size_t cnt)
{
	static const char *const spread[] = { "min", "median", "mad", "max" };
	const char *unit = units_suffix(record_cost_unit(rec[0]));
	struct table *t = new_table();
	char key[32];

	table_column(t, "runs", "runs", TABLE_RIGHT);
	table_rank(t, TABLE_LESSER);
	for (size_t i = 0; i < sizeof(spread) / sizeof(spread[0]); i++) {
		snprintf(key, sizeof(key), "%s_%s", spread[i], unit);
		table_column(t, spread[i], key, TABLE_RIGHT);
	}
	for (size_t r = 0; r < cnt; r++)
		for (enum phase ph = 0; ph < PHASE_MAX; ph++)
			add_phase_row(t, rec[r], ph);
	return t;
}

const char report_kernel_note[] =
	"What the kernel did, by the tracer: times above include its cost.  "
	"hits: dentries that were valid.  epoch, other: those that weren't, by "
	"an older epoch or for another reason.  LOOKUP, FORGET and "
	"notifications: as many as the daemon counted, or the sample has "
	"failed.  cascades: teardowns after an epoch miss, the dentries that "
	"died in them, and how long they took together.  freed: dentries, for "
	"whatever reason; torn: those with an old epoch that nobody had found "
	"stale before.  lost: what the tracer missed; then the counts are too "
	"low by up to that, and weren't compared.";

#define K(member) offsetof(struct kernel_counts, member)
#define SUMMANDS 8

static const struct kernel_column {
	const char *title;
	const char *key;
	enum unit unit;
	size_t summand_cnt;
	size_t summand[SUMMANDS]; /* offsets in struct kernel_counts */
} columns[] = {
	{ "hits", "hit_cnt", UNIT_CNT, 2, { K(fresh_cnt), K(relooked_cnt) } },
	{ "epoch", "epoch_cnt", UNIT_CNT, 1, { K(epoch_cnt) } },
	{ "other",
	  "other_miss_cnt",
	  UNIT_CNT,
	  5,
	  { K(gone_cnt), K(changed_cnt), K(negative_cnt), K(bad_cnt),
	    K(error_cnt) } },
	{ "LOOKUP", "lookup_cnt", UNIT_CNT, 1, { K(lookup_cnt) } },
	{ "FORGET", "forget_cnt", UNIT_CNT, 1, { K(forget_cnt) } },
	{ "notified",
	  "notify_cnt",
	  UNIT_CNT,
	  4,
	  { K(inc_epoch_cnt), K(inval_entry_cnt), K(inval_inode_cnt),
	    K(other_notify_cnt) } },
	{ "cascades", "cascade_cnt", UNIT_CNT, 1, { K(cascade_cnt) } },
	{ "died",
	  "cascade_dentry_cnt",
	  UNIT_CNT,
	  1,
	  { K(cascade_dentry_cnt) } },
	{ "took", "cascade_ns", UNIT_NS, 1, { K(cascade_ns) } },
	{ "freed", "freed_cnt", UNIT_CNT, 1, { K(freed_cnt) } },
	{ "torn", "torn_cnt", UNIT_CNT, 1, { K(torn_cnt) } },
	{ "lost", "lost_cnt", UNIT_CNT, 1, { K(lost_cnt) } },
};

#define COLUMN_CNT (sizeof(columns) / sizeof(columns[0]))

static uint64_t value_of(const struct kernel_column *col,
			 const struct record *rec, size_t i, enum phase ph)
{
	size_t kernel = offsetof(struct sample, phase[ph].kernel);
	uint64_t sum = 0;

	for (size_t k = 0; k < col->summand_cnt; k++)
		sum += record_value(rec, i, kernel + col->summand[k]);
	return sum;
}

/* The median over the samples; "~": a count that wasn't the same in each. */
static void add_cell(struct table *t, const struct kernel_column *col,
		     const struct record *rec, enum phase ph)
{
	uint64_t *value = calloc(rec->sample_cnt + 1, sizeof(*value));
	char text[UNITS_LEN + 1] = "~";
	struct stats st;
	size_t cnt = 0;

	for (size_t i = 0; value && i < rec->sample_cnt; i++)
		if (RECORD_VALUE(rec, i, phase[ph].used))
			value[cnt++] = value_of(col, rec, i, ph);
	if (!value || stats_of(value, cnt, &st)) {
		table_number(t, "-", NAN);
	} else {
		units_format(st.median, col->unit, text + 1, sizeof(text) - 1);
		if (col->unit == UNIT_CNT && st.min != st.max)
			table_text(t, text);
		else if (!st.max)
			table_number(t, "-", 0); /* most are */
		else
			table_number(t, text + 1, st.median);
	}
	free(value);
}

static bool is_used(const struct record *rec, enum phase ph)
{
	for (size_t i = 0; i < rec->sample_cnt; i++)
		if (RECORD_VALUE(rec, i, phase[ph].used))
			return true;
	return false;
}

static void add_rows(struct table *t, const struct record *rec)
{
	for (enum phase ph = 0; ph < PHASE_MAX; ph++) {
		if (!phase_has_kernel(ph) || !is_used(rec, ph))
			continue;
		table_row(t);
		add_labels(t, rec, ph);
		for (size_t i = 0; i < COLUMN_CNT; i++)
			add_cell(t, &columns[i], rec, ph);
	}
}

struct table *report_kernel_table(const struct record *const *rec, size_t cnt)
{
	struct table *t = NULL;

	for (size_t r = 0; r < cnt; r++) {
		if (!rec[r]->traced || rec[r]->exit)
			continue;
		if (!t) {
			t = new_table();
			for (size_t i = 0; i < COLUMN_CNT; i++)
				table_column(t, columns[i].title,
					     columns[i].key, TABLE_RIGHT);
		}
		add_rows(t, rec[r]);
	}
	return t;
}
