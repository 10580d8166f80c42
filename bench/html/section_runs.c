// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_runs.c - all records of `epochbench run`, a table per case: those that no
 * figure has, too, as they failed, are traced, or have no total.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/status.h"
#include "bench/record/record_text.h"
#include "bench/report/case_table.h"
#include "bench/report/phase_stats.h"
#include "group.h"
#include "part.h"
#include "section.h"

/* The records of a case: their numbers; and what any of them has measured. */
struct runs {
	const struct html_records *all;
	const json_t *numbers;
	bool used[PHASE_MAX];
};

static const struct record *at(const struct runs *r, size_t i)
{
	return &r->all->rec[json_integer_value(json_array_get(r->numbers, i))];
}

static void find_used(struct runs *r)
{
	for (size_t i = 0; i < json_array_size(r->numbers); i++)
		for (enum phase ph = 0; ph < PHASE_MAX; ph++)
			r->used[ph] |= phase_stats(at(r, i), ph).cnt > 0;
}

static struct table *new_table(const struct runs *r)
{
	static const char *const texts[] = { "outcome",	     "shape",
					     "populated by", "Linux",
					     "fuse.ko",	     "daemon",
					     "side",	     "run" };
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "names", "n", TABLE_RIGHT);
	for (enum phase ph = 0; ph < PHASE_MAX; ph++)
		if (r->used[ph])
			table_column(t, phase_name(ph), phase_name(ph),
				     TABLE_RIGHT);
	table_column(t, "runs", "runs", TABLE_RIGHT);
	table_column(t, "threads", "threads", TABLE_RIGHT);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		table_column(t, texts[i], texts[i], TABLE_LEFT);
	return t;
}

/* What failed has no result, whatever its samples say. */
static void add_row(struct table *t, const struct runs *r,
		    const struct record *rec)
{
	char outcome[sizeof(rec->why) + 16] = "ok";

	table_row(t);
	table_text(t, rec->method);
	part_number(t, (double)rec->n, UNIT_NAMES);
	for (enum phase ph = 0; ph < PHASE_MAX; ph++)
		if (r->used[ph])
			part_number(t, rec->exit ? NAN : html_median(rec, ph),
				    record_cost_unit(rec));
	part_number(t, (double)rec->sample_cnt, UNIT_CNT);
	part_number(t, rec->threads, UNIT_CNT);
	if (rec->exit)
		snprintf(outcome, sizeof(outcome), "%s: %s",
			 rec->exit == STATUS_SKIP ? "skipped" : "failed",
			 rec->why);
	else if (rec->traced)
		strcpy(outcome, "ok, traced");
	table_text(t, outcome);
	table_text(t, rec->shape);
	table_text(t, rec->populate);
	table_text(t, rec->host.kernel);
	table_text(t, rec->host.fuse);
	table_text(t, record_daemon_of(rec)->command);
	table_text(t, rec->side);
	table_text(t, rec->run_id);
}

static int print_case(const struct html_records *all, const char *name,
		      const json_t *numbers, FILE *out)
{
	const struct case_table *ct = case_table_by_name(name);
	struct runs r = { .all = all, .numbers = numbers };
	struct part p;
	int ret;

	if (part_begin(&p))
		return -ENOMEM;
	find_used(&r);
	fputs("Medians of each phase.", p.caption.out);
	fprintf(p.command.out, "epochbench run -c %s", part_word(name));
	p.table = new_table(&r);
	for (size_t i = 0; i < json_array_size(numbers); i++)
		add_row(p.table, &r, at(&r, i));
	part_fold(ct ? ct->title : name, out);
	ret = part_end(&p, out);
	part_fold_end(out);
	return ret;
}

static json_t *cases_of(const struct html_records *all)
{
	json_t *cases = json_object();

	for (size_t i = 0; i < all->rec_cnt; i++) {
		const char *name = all->rec[i].case_name;

		if (!json_object_get(cases, name))
			json_object_set_new(cases, name, json_array());
		json_array_append_new(json_object_get(cases, name),
				      json_integer((json_int_t)i));
	}
	return cases;
}

static int print(const struct html_records *all, FILE *out)
{
	json_t *cases = cases_of(all), *numbers;
	const char *name;
	int ret = 0;

	json_object_foreach (cases, name, numbers)
		if (!ret)
			ret = print_case(all, name, numbers, out);
	json_decref(cases);
	return ret;
}

static const struct html_section section = {
	.order = 85,
	.id = "runs",
	.title = "All runs",
	.print = print,
};

HTML_SECTION(section_runs, section);
