// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_rates.c - what real programs keep of their throughput while a method
 * invalidates, against how often it does.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/advice/rate_table.h"
#include "cells.h"
#include "part.h"
#include "section.h"

static double number_of(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Lines of one number of the rows, by method. */
static struct figure *lines_of(const json_t *rows, const char *key,
			       const struct figure_axis *y)
{
	const struct figure_axis x = { "invalidations per second", UNIT_CNT,
				       true, 0 };
	struct figure *f = figure_new(FIGURE_LINES, &x, y);
	char *before = NULL;
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		double rate = number_of(row, "rate_hz");
		double value = number_of(row, key);
		char *method = html_cells_method(row), tic[32];

		if (method && rate > 0 &&
		    (y->log ? value > 0 : !isnan(value))) {
			if (!before || strcmp(before, method)) {
				figure_line(f, method);
				free(before);
				before = strdup(method);
			}
			snprintf(tic, sizeof(tic), "%g", rate);
			figure_tic(f, rate, tic);
			figure_point(f, rate, value);
		}
		free(method);
	}
	free(before);
	return f;
}

/* The rows at the highest rate that keep most and least. */
static void say(const json_t *rows, FILE *out)
{
	const json_t *row, *most = NULL, *least = NULL;
	double rate = 0;
	size_t i;

	json_array_foreach (rows, i, row)
		rate = fmax(rate, number_of(row, "rate_hz"));
	json_array_foreach (rows, i, row) {
		double kept = number_of(row, "kept_median_pct");

		if (number_of(row, "rate_hz") != rate || isnan(kept))
			continue;
		if (!most || kept > number_of(most, "kept_median_pct"))
			most = row;
		if (!least || kept < number_of(least, "kept_median_pct"))
			least = row;
	}
	if (!most || most == least)
		return;
	for (int k = 0; k < 2; k++) {
		char *method = html_cells_method(k ? least : most);
		char kept[UNITS_LEN];

		units_format(number_of(k ? least : most, "kept_median_pct"),
			     UNIT_PCT, kept, sizeof(kept));
		if (method && !k)
			fprintf(out,
				"At %g a second %s of the throughput are left "
				"with %s",
				rate, kept, method);
		else if (method)
			fprintf(out, ", and %s with %s.  ", kept, method);
		free(method);
	}
}

static int print_table(const struct html_records *all,
		       const struct workload_record *first, FILE *out)
{
	const struct figure_axis y = { "throughput, % of the control", UNIT_PCT,
				       false, 0 };
	struct part p;
	json_t *rows;

	if (part_begin(&p))
		return -ENOMEM;
	fputs(first->workload, p.title.out);
	p.table = workload_rate_table(all->workload, all->workload_cnt, first);
	rows = table_json(p.table);
	say(rows, p.caption.out);
	html_cells_say(first, p.caption.out);
	html_cells_command(rows, first, p.command.out);
	p.figure = lines_of(rows, "kept_median_pct", &y);
	json_decref(rows);
	return part_end(&p, out);
}

static void say_stall(const json_t *rows, FILE *out)
{
	const json_t *row, *longest = NULL;
	char text[UNITS_LEN], *method;
	size_t i;

	json_array_foreach (rows, i, row)
		if (!longest ||
		    number_of(row, "stall_ns") > number_of(longest, "stall_ns"))
			longest = row;
	method = longest ? html_cells_method(longest) : NULL;
	if (!method)
		return;
	units_format(number_of(longest, "stall_ns"), UNIT_NS, text,
		     sizeof(text));
	fprintf(out,
		"Another process waited longest with %s, at %g a second: %s.  ",
		method, number_of(longest, "rate_hz"), text);
	free(method);
}

/* What innocent processes wait: of the same cells. */
static int print_stalls(const struct html_records *all,
			const struct workload_record *first, FILE *out)
{
	const struct figure_axis y = { "longest stall of another process",
				       UNIT_NS, true, 0 };
	struct part p;
	json_t *rows;

	if (html_cells_rates(all, first) < 2)
		return 0;
	if (part_begin(&p))
		return -ENOMEM;
	fprintf(p.title.out, "%s: whoever else reads there", first->workload);
	p.table =
		workload_detail_table(all->workload, all->workload_cnt, first);
	rows = table_json(p.table);
	say_stall(rows, p.caption.out);
	html_cells_command(rows, first, p.command.out);
	p.figure = lines_of(rows, "stall_ns", &y);
	json_decref(rows);
	return part_end(&p, out);
}

/* A figure needs two rates. */
static int print_drawn(const struct html_records *all,
		       const struct workload_record *first, FILE *out)
{
	return html_cells_rates(all, first) < 2 ? 0
						: print_table(all, first, out);
}

static int print_others(const struct html_records *all,
			const struct workload_record *first, FILE *out)
{
	return html_cells_rates(all, first) < 2 ? print_table(all, first, out)
						: 0;
}

/* What is between two tags, if it is anything. */
static int print_between(const struct html_records *all, const char *before,
			 html_cells_fn *fn, const char *after, FILE *out)
{
	struct words w;
	int ret = words_open(&w);

	if (ret)
		return ret;
	ret = html_cells_each(all, false, fn, w.out);
	if (words_close(&w))
		ret = -ENOMEM;
	if (!ret && w.len)
		fprintf(out, "%s%s%s", before, w.text, after);
	free(w.text);
	return ret;
}

static int print(const struct html_records *all, FILE *out)
{
	static const char end[] = "</details>\n",
			  several[] = "<div class=\"several\">\n";
	int ret = print_between(all, several, print_drawn, "</div>\n", out);

	if (!ret)
		ret = print_between(all,
				    "<details><summary>Stalls of innocent "
				    "processes meanwhile</summary>\n"
				    "<div class=\"several\">\n",
				    print_stalls, "</div></details>\n", out);
	if (!ret)
		ret = print_between(all,
				    "<details><summary>Workloads at a single "
				    "rate</summary>\n",
				    print_others, end, out);
	return ret;
}

static const struct html_section section = {
	.order = 40,
	.id = "rates",
	.title = "Throughput against the rate of invalidations",
	.print = print,
};

HTML_SECTION(section_rates, section);
