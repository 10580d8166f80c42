// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/record/record_group.h"
#include "bench/record/record_same.h"
#include "bench/record/record_text.h"
#include "bench/lib/infer.h"
#include "case_table.h"
#include "report_host.h"
#include "report_trend.h"
#include "phase_stats.h"
#include "summary.h"
#include "bench/lib/table.h"

/* Of the longest bar. */
#define BAR_WIDTH 30

static bool same_machine(const struct record *a, const struct record *b)
{
	return !strcmp(a->host.kernel, b->host.kernel) &&
	       !strcmp(a->host.fuse, b->host.fuse) &&
	       !strcmp(a->host.cpu_model, b->host.cpu_model) &&
	       a->host.cpu_cnt == b->host.cpu_cnt;
}

static enum phase phase_of(const struct record *rec)
{
	enum phase ph = PHASE_TOTAL;

	if (phase_stats(rec, ph).cnt)
		return ph;
	for (ph = 0; ph + 1 < PHASE_MAX && !phase_stats(rec, ph).cnt;)
		ph++;
	return ph;
}

static struct table *new_table(void)
{
	static const struct {
		const char *title, *key;
		enum table_align align;
		enum table_rank rank;
	} columns[] = { { "date", "date", TABLE_LEFT, TABLE_STAYS },
			{ "epochbench", "bench", TABLE_LEFT, TABLE_LESSER },
			{ "kernel", "kernel", TABLE_LEFT, TABLE_USUAL },
			{ "runs", "runs", TABLE_RIGHT, TABLE_LESSER },
			{ "median", "median", TABLE_RIGHT, TABLE_STAYS },
			{ "±", "mad_pct", TABLE_RIGHT, TABLE_USUAL },
			{ "change", "change_pct", TABLE_RIGHT, TABLE_USUAL },
			{ "", "bar", TABLE_LEFT, TABLE_LEAST } };
	struct table *t = table_new();

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		table_column(t, columns[i].title, columns[i].key,
			     columns[i].align);
		table_rank(t, columns[i].rank);
	}
	return t;
}

/* "20261122T233132Z-6932" to "2026-11-22 23:31" */
static void add_date(struct table *t, const struct record *rec)
{
	const char *id = rec->run_id;
	char text[32];

	if (strlen(id) < 16 || id[8] != 'T')
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%.4s-%.2s-%.2s %.2s:%.2s", id,
			 id + 4, id + 6, id + 9, id + 11);
	table_text(t, text);
}

/* A change between machines is none of the program's. */
static void add_change(struct table *t, const struct record *rec,
		       const struct record *before, enum phase ph)
{
	double change = NAN;
	char text[UNITS_LEN] = "-";

	if (before && same_machine(rec, before))
		change = infer_change(phase_stats(before, ph).median,
				      phase_stats(rec, ph).median);
	else if (before)
		snprintf(text, sizeof(text), "other host");
	if (isfinite(change))
		snprintf(text, sizeof(text), "%+.1f%%", 100 * change);
	if (before && !same_machine(rec, before))
		table_text(t, text);
	else
		table_number(t, text, 100 * change);
}

static void add_row(struct table *t, const struct record *rec,
		    const struct record *before, enum phase ph, double highest)
{
	struct stats st = phase_stats(rec, ph);
	char text[UNITS_LEN], bar[BAR_WIDTH + 1];
	double spread = 100 * st.mad / st.median;
	size_t len = highest > 0 && isfinite(st.median)
			     ? (size_t)lround(BAR_WIDTH * st.median / highest)
			     : 0;

	table_row(t);
	add_date(t, rec);
	table_text(t, rec->host.bench);
	report_fuse_name(rec, text, sizeof(text));
	table_text(t, text);
	snprintf(text, sizeof(text), "%zu", st.cnt);
	table_number(t, text, (double)st.cnt);
	units_format(st.median, record_cost_unit(rec), text, sizeof(text));
	table_number(t, text, st.median);
	units_format(spread, UNIT_PCT, text, sizeof(text));
	table_number(t, text, spread);
	add_change(t, rec, before, ph);
	memset(bar, '#', len);
	bar[len] = '\0';
	table_text(t, bar);
}

struct trend {
	FILE *out;
	enum report_format format;
	json_t *json; /* array, when the format is JSON */
};

static int print(struct trend *tr, const struct record *rec, enum phase ph,
		 const struct table *t)
{
	char heading[256], title[320];
	int ret;

	report_heading(case_table_by_name(rec->case_name), rec, heading,
		       sizeof(heading));
	snprintf(title, sizeof(title), "%s, %s: %s", heading, rec->method,
		 phase_name(ph));
	if (tr->format == REPORT_JSON)
		return json_array_append_new(
			       tr->json,
			       json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:o}",
					 "heading", title, "case",
					 rec->case_name, "method", rec->method,
					 "n", (json_int_t)rec->n, "phase",
					 phase_name(ph), "unit",
					 rec->clock_unit, "rows",
					 table_json(t)))
			       ? -ENOMEM
			       : 0;
	heading_print(tr->out, tr->format, title);
	ret = tr->format == REPORT_MARKDOWN ? table_print_markdown(t, tr->out)
					    : table_print_text(t, tr->out);
	fputc('\n', tr->out);
	return ret;
}

/* All runs of a variant. */
static int print_variant(struct trend *tr, const struct record *const *rec,
			 size_t cnt)
{
	const struct record *before = NULL;
	enum phase ph = phase_of(rec[0]);
	struct table *t = new_table();
	double highest = 0;
	int ret;

	for (size_t i = 0; i < cnt; i++)
		highest = fmax(highest, phase_stats(rec[i], ph).median);
	for (size_t i = 0; i < cnt; i++) {
		add_row(t, rec[i], before, ph, highest);
		before = rec[i];
	}
	ret = print(tr, rec[0], ph, t);
	table_free(t);
	return ret;
}

/* Those that have numbers.  Returns how many. */
static size_t take_good(const struct record **rec, size_t cnt)
{
	size_t good = 0;

	for (size_t i = 0; i < cnt; i++)
		if (!rec[i]->exit)
			rec[good++] = rec[i];
	return good;
}

int report_trend(FILE *out, const struct record *recs, size_t cnt,
		 enum report_format format)
{
	const struct record **rec = record_pointers(recs, cnt);
	struct trend tr = { out, format, json_array() };
	int ret = -ENOMEM;

	if (rec && tr.json) {
		cnt = take_good(rec, cnt);
		ret = record_group(rec, cnt, record_compare_key);
	}
	for (size_t i = 0, len; !ret && i < cnt; i += len) {
		len = record_group_size(rec + i, cnt - i, record_compare_key);
		ret = print_variant(&tr, rec + i, len);
	}
	if (!ret && format == REPORT_JSON) {
		json_dumpf(tr.json, out,
			   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		fputc('\n', out);
	}
	json_decref(tr.json);
	free(rec);
	return ret;
}
