// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bench/record/record_group.h"
#include "bench/record/record_text.h"
#include "case_table.h"
#include "report.h"
#include "report_daemon.h"
#include "report_detail.h"
#include "report_host.h"
#include "phase_stats.h"
#include "summary.h"
#include "bench/lib/status.h"
#include "bench/lib/table.h"

#define KEY_LEN 64
#define TEXT_LEN 256

struct report {
	FILE *out;
	enum report_format format;
	bool verbose;
	json_t *json; /* array of groups, when the format is JSON */
	bool part; /* more of that run comes */
};

/* The records of one table. */
struct group {
	const struct case_table *ct; /* NULL: a case of another version */
	const struct record *const *rec;
	size_t cnt;
	struct rivals *rivals;
	struct column *col;
	size_t col_cnt;
};

static int by_run(const struct record *a, const struct record *b)
{
	return strcmp(a->run_id, b->run_id);
}

/* Of one run. */
static int by_table(const struct record *a, const struct record *b)
{
	const struct case_table *ct;
	int order = strcmp(a->case_name, b->case_name);

	if (!order)
		order = strcmp(a->populate, b->populate);
	if (!order)
		order = (a->threads > b->threads) - (a->threads < b->threads);
	if (!order)
		order = (a->traced > b->traced) - (a->traced < b->traced);
	if (!order)
		order = strcmp(a->clock_unit, b->clock_unit);
	if (!order)
		order = strcmp(record_daemon_of(a)->command,
			       record_daemon_of(b)->command);
	ct = order ? NULL : case_table_by_name(a->case_name);
	if (!ct || !ct->row_per_method)
		return order;
	order = strcmp(a->shape, b->shape);
	return order ? order : (a->n > b->n) - (a->n < b->n);
}

static bool any_used(const struct group *g, enum phase ph)
{
	for (size_t i = 0; i < g->cnt; i++)
		if (phase_stats(g->rec[i], ph).cnt)
			return true;
	return false;
}

/* Is the text at this offset of a record another in one of them? */
static bool differs(const struct group *g, size_t offset)
{
	for (size_t i = 1; i < g->cnt; i++)
		if (strcmp((const char *)g->rec[0] + offset,
			   (const char *)g->rec[i] + offset))
			return true;
	return false;
}

/* What tells apart the records that `merge` has put together. */
static void add_distinction(struct group *g, const char *title,
			    enum column_kind kind)
{
	g->col[g->col_cnt++] = (struct column){ .title = title, .kind = kind };
}

/* A case we don't know: what it is, and the median of whatever it measured. */
static void generic_columns(struct group *g)
{
	static const struct column labels[] = {
		{ .title = "method", .kind = COL_METHOD },
		{ .title = "shape", .kind = COL_SHAPE },
		{ .title = "names", .kind = COL_N },
	};

	memcpy(g->col + g->col_cnt, labels, sizeof(labels));
	g->col_cnt += sizeof(labels) / sizeof(labels[0]);
	for (enum phase ph = 0; ph < PHASE_MAX; ph++)
		if (any_used(g, ph))
			g->col[g->col_cnt++] =
				(struct column){ phase_name(ph), COL_MEDIAN,
						 .phase = ph };
}

/* The number of samples is shown even if the case forgot it. */
static int choose_columns(struct group *g)
{
	size_t cnt = g->ct ? g->ct->column_cnt : PHASE_MAX + 3;

	g->col = calloc(cnt + 4, sizeof(*g->col));
	if (!g->col)
		return -ENOMEM;
	if (differs(g, offsetof(struct record, host.name)))
		add_distinction(g, "host", COL_HOST);
	if (differs(g, offsetof(struct record, host.fuse)) ||
	    differs(g, offsetof(struct record, host.kernel)))
		add_distinction(g, "fuse", COL_FUSE);
	if (differs(g, offsetof(struct record, side)))
		add_distinction(g, "side", COL_SIDE);
	if (g->ct) {
		memcpy(g->col + g->col_cnt, g->ct->columns,
		       cnt * sizeof(*g->col));
		g->col_cnt += cnt;
	} else {
		generic_columns(g);
	}
	for (size_t i = 0; i < g->col_cnt; i++)
		if (g->col[i].kind == COL_RUNS)
			return 0;
	g->col[g->col_cnt++] =
		(struct column){ .title = "runs", .kind = COL_RUNS };
	return 0;
}

static void add_label(struct table *t, enum column_kind kind,
		      const struct record *rec)
{
	char text[UNITS_LEN];

	switch (kind) {
	case COL_METHOD:
		table_text(t, rec->method);
		break;
	case COL_SHAPE:
		table_text(t, rec->shape);
		break;
	case COL_POPULATE:
		table_text(t, rec->populate);
		break;
	case COL_SIDE:
		table_text(t, rec->side);
		break;
	case COL_HOST:
		table_text(t, rec->host.name);
		break;
	case COL_FUSE:
		report_fuse_name(rec, text, sizeof(text));
		table_text(t, text);
		break;
	case COL_BREAKS:
		summary_breaks(rec, text, sizeof(text));
		table_text(t, text);
		table_tone(t, *text == '-'   ? TABLE_PLAIN
			      : *text == '?' ? TABLE_UNSURE
					     : TABLE_BAD);
		break;
	default:
		units_format((double)rec->n, UNIT_NAMES, text, sizeof(text));
		table_number(t, text, (double)rec->n);
	}
}

static void add_value(struct table *t, const struct column *col,
		      const struct record *rec, const struct group *g)
{
	struct summary sum = summary_of(col, rec, g->rivals);
	char text[UNITS_LEN + 1] = "~";

	units_format(sum.value, sum.unit, text + 1, sizeof(text) - 1);
	if (sum.varies)
		table_text(t, text); /* JSON, too, must not look exact */
	else if (col->kind == COL_RUNS && rec->sample_cnt < 2)
		table_number(t, rec->sample_cnt ? "1!" : "0!", sum.value);
	else
		table_number(t, text + 1, sum.value);
}

/* "prune  skipped: not in this kernel", after the labels. */
static void add_remark(struct table *t, const struct group *g,
		       const struct record *rec)
{
	const char *what = rec->exit == STATUS_SKIP ? "skipped" : "FAILED";
	char text[TEXT_LEN];
	bool named = false;
	size_t i;

	for (i = 0; i < g->col_cnt && summary_is_label(g->col[i].kind); i++) {
		add_label(t, g->col[i].kind, rec);
		named |= g->col[i].kind == COL_METHOD;
	}
	snprintf(text, sizeof(text), "%s%s%s: %s", named ? "" : rec->method,
		 named ? "" : ": ", what,
		 rec->why[0] ? rec->why : "no reason recorded");
	table_remark(t, text);
	table_tone(t, rec->exit == STATUS_SKIP ? TABLE_UNSURE : TABLE_BAD);
}

static struct table *main_table(const struct group *g)
{
	enum unit cost_unit = record_cost_unit(g->rec[0]);
	struct table *t = table_new();
	char key[KEY_LEN];

	for (size_t i = 0; i < g->col_cnt; i++) {
		summary_key(&g->col[i], cost_unit, key, sizeof(key));
		table_column(t, g->col[i].title, key,
			     summary_is_label(g->col[i].kind) &&
					     g->col[i].kind != COL_N
				     ? TABLE_LEFT
				     : TABLE_RIGHT);
		table_rank(t, g->col[i].rank);
	}
	for (size_t r = 0; r < g->cnt; r++) {
		table_row(t);
		if (g->rec[r]->exit) {
			add_remark(t, g, g->rec[r]);
			continue;
		}
		for (size_t i = 0; i < g->col_cnt; i++) {
			if (summary_is_label(g->col[i].kind))
				add_label(t, g->col[i].kind, g->rec[r]);
			else
				add_value(t, &g->col[i], g->rec[r], g);
		}
	}
	return t;
}

/* What is printed of a group; NULL: not asked for, or not there. */
struct tables {
	struct table *main, *all, *kernel;
	char *daemon; /* paragraphs */
};

static int print_json(struct report *r, const struct group *g,
		      const char *heading, const struct tables *t)
{
	const struct record *rec = g->rec[0];
	char *host = record_host_line(&rec->host);
	json_t *json;

	json = json_pack("{s:s,s:s,s:s,s:s*,s:s*,s:s*,s:o,s:o*,s:o*}", "run_id",
			 rec->run_id, "case", rec->case_name, "heading",
			 heading, "note", g->ct ? g->ct->note : NULL, "host",
			 host, "daemon", t->daemon, "rows", table_json(t->main),
			 "phases", t->all ? table_json(t->all) : NULL, "kernel",
			 t->kernel ? table_json(t->kernel) : NULL);
	free(host);
	return json_array_append_new(r->json, json) ? -ENOMEM : 0;
}

static int print_readable(struct report *r, const struct group *g,
			  const char *heading, const struct tables *t)
{
	bool markdown = r->format == REPORT_MARKDOWN;
	int (*print)(const struct table *, FILE *) =
		markdown ? table_print_markdown : table_print_text;
	int ret;

	heading_print(r->out, r->format, heading);
	ret = print(t->main, r->out);
	fputc('\n', r->out);
	if (g->ct && g->ct->note)
		paragraph_print(r->out, r->format, g->ct->note);
	if (!ret && t->all) {
		ret = print(t->all, r->out);
		fputc('\n', r->out);
	}
	for (char *rest = t->daemon, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			paragraph_print(r->out, r->format, line);
	if (!ret && t->kernel) {
		ret = print(t->kernel, r->out);
		fputc('\n', r->out);
		paragraph_print(r->out, r->format, report_kernel_note);
	}
	return ret;
}

static int print_group(struct report *r, const struct group *g)
{
	struct tables t = {
		.main = main_table(g),
		.all = r->verbose ? report_phase_table(g->rec, g->cnt) : NULL,
		.kernel = report_kernel_table(g->rec, g->cnt),
		.daemon = report_daemon_text(g->rec, g->cnt),
	};
	char heading[TEXT_LEN];
	int ret;

	report_heading(g->ct, g->rec[0], heading, sizeof(heading));
	if (r->format == REPORT_JSON)
		ret = print_json(r, g, heading, &t);
	else
		ret = print_readable(r, g, heading, &t);
	table_free(t.main);
	table_free(t.all);
	table_free(t.kernel);
	free(t.daemon);
	return ret;
}

static int report_group(struct report *r, const struct record *const *rec,
			size_t cnt)
{
	struct group g = {
		.ct = case_table_by_name(rec[0]->case_name),
		.rec = rec,
		.cnt = cnt,
		.rivals = rivals_new(rec, cnt),
	};
	int ret = -ENOMEM;

	if (g.rivals && !choose_columns(&g))
		ret = print_group(r, &g);
	rivals_free(g.rivals);
	free(g.col);
	return ret;
}

/* All tables of a run, then its host and what the columns mean, once. */
static int report_run(struct report *r, const struct record **rec, size_t cnt)
{
	/* The first one stays the first. */
	int ret = record_group(rec, cnt, by_table);

	for (size_t i = 0, len; !ret && i < cnt; i += len) {
		len = record_group_size(rec + i, cnt - i, by_table);
		ret = report_group(r, rec + i, len);
	}
	if (!ret && r->format != REPORT_JSON && !r->part)
		ret = report_print_host(r->out, r->format, rec, cnt);
	return ret;
}

static int print_all(struct report *r, const struct record *recs, size_t cnt)
{
	const struct record **rec = record_pointers(recs, cnt);
	int ret = rec ? record_group(rec, cnt, by_run) : -ENOMEM;

	for (size_t i = 0, len; !ret && i < cnt; i += len) {
		len = record_group_size(rec + i, cnt - i, by_run);
		ret = report_run(r, rec + i, len);
	}
	free(rec);
	return ret;
}

int report_print(FILE *out, const struct record *recs, size_t cnt,
		 enum report_format format, bool verbose)
{
	struct report r = { .out = out,
			    .format = format,
			    .verbose = verbose,
			    .json = json_array() };
	int ret = r.json ? print_all(&r, recs, cnt) : -ENOMEM;

	if (!ret && format == REPORT_JSON) {
		json_dumpf(r.json, out,
			   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		fputc('\n', out);
	}
	json_decref(r.json);
	return ret;
}

int report_print_part(FILE *out, const struct record *recs, size_t cnt)
{
	struct report r = { .out = out, .format = REPORT_TEXT, .part = true };

	return print_all(&r, recs, cnt);
}

bool report_is_one_table(const struct record *a, const struct record *b)
{
	return !by_run(a, b) && !by_table(a, b);
}
