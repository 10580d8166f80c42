// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_trend.c - how the total of a variant changed from run to run.  The records
 * are in the order of their runs' dates.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/phase_stats.h"
#include "group.h"
#include "part.h"
#include "section.h"

/* The clock of guests that count instructions begins anew with each of them. */
static bool is_dated(const struct record *rec)
{
	return !rec->exit && !rec->traced && !rec->side[0] &&
	       !record_daemon_of(rec)->command[0] && !strcmp(rec->clock_unit, "ns") &&
	       strlen(rec->run_id) >= 16 &&
	       phase_stats(rec, PHASE_TOTAL).cnt > 0;
}

/* A line of the figure: what is measured, and the machine. */
static char *key_of(const struct record *rec)
{
	struct words w;

	if (words_open(&w))
		return NULL;
	fprintf(w.out, "%s|%s|%llu|%s|%s|%u|%s|%s|%s|%s|%u|%s", rec->case_name,
		rec->method, (unsigned long long)rec->n, rec->shape,
		rec->populate, rec->threads, rec->host.kernel, rec->host.fuse,
		rec->host.cpu_model, rec->host.cpus, rec->host.cpu_cnt,
		rec->host.name);
	return words_close(&w) ? NULL : w.text;
}

/* Key to the numbers of its records. */
static json_t *lines_get(const struct html_records *all)
{
	json_t *lines = json_object();

	for (size_t i = 0; i < all->rec_cnt; i++) {
		char *key =
			is_dated(&all->rec[i]) ? key_of(&all->rec[i]) : NULL;

		if (key && !json_object_get(lines, key))
			json_object_set_new(lines, key, json_array());
		if (key)
			json_array_append_new(json_object_get(lines, key),
					      json_integer((json_int_t)i));
		free(key);
	}
	return lines;
}

static const struct record *at(const struct html_records *all,
			       const json_t *line, size_t i)
{
	return &all->rec[json_integer_value(json_array_get(line, i))];
}

/* "2026-11-22 23:31" of "20261122T233132Z-6932" */
static void put_date(const struct record *rec, char *buf, size_t len)
{
	const char *id = rec->run_id;

	snprintf(buf, len, "%.4s-%.2s-%.2s %.2s:%.2s", id, id + 4, id + 6,
		 id + 9, id + 11);
}

/* Runs of lines that have several, in their order: run to number. */
static json_t *runs_of(const struct html_records *all, const json_t *lines)
{
	json_t *several = json_object(), *runs = json_object(), *line;
	const char *key;

	json_object_foreach ((json_t *)lines, key, line)
		for (size_t i = 0;
		     json_array_size(line) > 1 && i < json_array_size(line);
		     i++)
			json_object_set_new(several, at(all, line, i)->run_id,
					    json_null());
	for (size_t i = 0; i < all->rec_cnt; i++) {
		const char *run = all->rec[i].run_id;

		if (json_object_get(several, run) &&
		    !json_object_get(runs, run))
			json_object_set_new(
				runs, run,
				json_integer(
					(json_int_t)json_object_size(runs)));
	}
	json_decref(several);
	return runs;
}

static void put_name(const struct record *rec, FILE *out)
{
	char n[UNITS_LEN];

	units_format((double)rec->n, UNIT_NAMES, n, sizeof(n));
	fprintf(out, "%s, %s", rec->method, n);
}

static void add_line(struct figure *f, const struct html_records *all,
		     const json_t *line, const json_t *runs)
{
	struct words name;

	if (words_open(&name))
		return;
	put_name(at(all, line, 0), name.out);
	if (!words_close(&name))
		figure_line(f, name.text);
	free(name.text);
	for (size_t i = 0; i < json_array_size(line); i++) {
		const struct record *rec = at(all, line, i);

		figure_point(f,
			     (double)json_integer_value(
				     json_object_get(runs, rec->run_id)),
			     html_median(rec, PHASE_TOTAL));
	}
}

static struct figure *lines_of(const struct html_records *all,
			       const json_t *lines, const json_t *runs)
{
	const struct figure_axis x = { "run", UNIT_CNT, false, NAN };
	const struct figure_axis y = { "total, until all is coherent", UNIT_NS,
				       true, 0 };
	struct figure *f = figure_new(FIGURE_LINES, &x, &y);
	const char *key, *run;
	json_t *line, *nr;

	json_object_foreach ((json_t *)runs, run, nr) {
		char date[24];

		snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", run, run + 4,
			 run + 6);
		figure_tic(f, (double)json_integer_value(nr), date);
	}
	json_object_foreach ((json_t *)lines, key, line)
		if (json_array_size(line) > 1)
			add_line(f, all, line, runs);
	return f;
}

static void add_row(struct table *t, const struct record *rec,
		    const struct record *before)
{
	double median = html_median(rec, PHASE_TOTAL);
	double last = before ? html_median(before, PHASE_TOTAL) : NAN;
	char text[32] = "-";

	table_row(t);
	table_text(t, rec->method);
	part_number(t, (double)rec->n, UNIT_NAMES);
	put_date(rec, text, sizeof(text));
	table_text(t, text);
	part_number(t, median, UNIT_NS);
	snprintf(text, sizeof(text), before ? "%+.1f%%" : "-",
		 100 * (median / last - 1));
	table_number(t, text, median / last - 1);
	part_number(t, (double)rec->sample_cnt, UNIT_CNT);
	table_text(t, rec->host.bench);
	table_text(t, rec->host.kernel);
	table_text(t, rec->host.fuse);
}

static struct table *table_of(const struct html_records *all,
			      const json_t *lines)
{
	struct table *t = table_new();
	const char *key;
	json_t *line;

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "names", "n", TABLE_RIGHT);
	table_column(t, "run", "date", TABLE_LEFT);
	table_column(t, "median", "median", TABLE_RIGHT);
	table_column(t, "change", "change", TABLE_RIGHT);
	table_column(t, "samples", "samples", TABLE_RIGHT);
	table_column(t, "epochbench", "bench", TABLE_LEFT);
	table_column(t, "Linux", "kernel", TABLE_LEFT);
	table_column(t, "fuse.ko", "fuse", TABLE_LEFT);
	json_object_foreach ((json_t *)lines, key, line)
		for (size_t i = 0;
		     json_array_size(line) > 1 && i < json_array_size(line);
		     i++)
			add_row(t, at(all, line, i),
				i ? at(all, line, i - 1) : NULL);
	return t;
}

/* The largest change from the first run to the last. */
static void say(const struct html_records *all, const json_t *lines, FILE *out)
{
	double most = 0;
	const struct record *of = NULL;
	const char *key;
	json_t *line;

	json_object_foreach ((json_t *)lines, key, line) {
		size_t cnt = json_array_size(line);
		double change;

		if (cnt < 2)
			continue;
		change = html_median(at(all, line, cnt - 1), PHASE_TOTAL) /
				 html_median(at(all, line, 0), PHASE_TOTAL) -
			 1;
		if (!of || fabs(change) > fabs(most)) {
			most = change;
			of = at(all, line, 0);
		}
	}
	if (!of)
		return;
	fputs("From the first run to the last, the median of ", out);
	put_name(of, out);
	fprintf(out,
		" has changed most: by %+.1f%%.  Each line is one machine and "
		"one kernel; epochbench compare says whether a change is more "
		"than noise.",
		100 * most);
}

static int print(const struct html_records *all, FILE *out)
{
	json_t *lines = lines_get(all), *runs = runs_of(all, lines);
	struct part p;
	int ret = 0;

	if (json_object_size(runs) > 1)
		ret = part_begin(&p) ? -ENOMEM : 1;
	if (ret > 0) {
		fputs("The total, from run to run", p.title.out);
		say(all, lines, p.caption.out);
		fputs("scripts/record", p.command.out);
		p.figure = lines_of(all, lines, runs);
		p.table = table_of(all, lines);
		ret = part_end(&p, out);
	}
	json_decref(lines);
	json_decref(runs);
	return ret;
}

static const struct html_section section = {
	.order = 80,
	.id = "trend",
	.title = "The trend",
	.print = print,
};

HTML_SECTION(section_trend, section);
