// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_dip.c - what one event does to a process that walks, and until when.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "bench/advice/rate_table.h"
#include "cells.h"
#include "part.h"
#include "section.h"

static struct figure *lines_of(const json_t *series)
{
	const struct figure_axis x = { "ms after the notification began",
				       UNIT_CNT, false, NAN };
	const struct figure_axis y = {
		"rate of a process that walks, % of before", UNIT_PCT, false, 0
	};
	struct figure *f = figure_new(FIGURE_LINES, &x, &y);
	const json_t *one, *ns;
	size_t i, k;

	json_array_foreach (series, i, one) {
		const json_t *part = json_object_get(one, "part");
		char *method = html_cells_method(one);

		figure_line(f, method ? method : "");
		free(method);
		json_array_foreach (json_object_get(one, "ns"), k, ns)
			if (json_is_number(json_array_get(part, k)))
				figure_point(
					f, json_number_value(ns) / 1e6,
					100 * json_number_value(
						      json_array_get(part, k)));
	}
	return f;
}

/* The row with the largest number under that key, NULL: none has one above 0. */
static const json_t *most_of(const json_t *rows, const char *key)
{
	const json_t *row, *most = NULL;
	double largest = 0;
	size_t i;

	json_array_foreach (rows, i, row) {
		double value = json_number_value(json_object_get(row, key));

		if (value > largest) {
			largest = value;
			most = row;
		}
	}
	return most;
}

static void say(const json_t *rows, const char *key, const char *what,
		FILE *out)
{
	const json_t *most = most_of(rows, key);
	char *method = most ? html_cells_method(most) : NULL;
	char text[UNITS_LEN];

	if (!method)
		return;
	units_format(json_number_value(json_object_get(most, key)), UNIT_NS,
		     text, sizeof(text));
	fprintf(out, "%s with %s: %s.  ", what, method, text);
	free(method);
}

static int print_events(const struct html_records *all,
			const struct workload_record *first, FILE *out)
{
	json_t *series = json_array(), *rows;
	struct part p;

	if (part_begin(&p)) {
		json_decref(series);
		return -ENOMEM;
	}
	fputs("The rate of a process that walks, around one notification",
	      p.title.out);
	p.table = workload_dip_table(all->workload, all->workload_cnt, first,
				     series);
	rows = table_json(p.table);
	say(rows, "back_ns", "Longest until 90% of the rate are back",
	    p.caption.out);
	say(rows, "stall_ns", "Longest single wait", p.caption.out);
	html_cells_say(first, p.caption.out);
	html_cells_command(rows, first, p.command.out);
	p.figure = lines_of(series);
	json_decref(rows);
	json_decref(series);
	return part_end(&p, out);
}

static int print(const struct html_records *all, FILE *out)
{
	return html_cells_each(all, true, print_events, out);
}

static const struct html_section section = {
	.order = 30,
	.id = "dip",
	.title = "One event: the dip and the recovery",
	.print = print,
};

HTML_SECTION(section_dip, section);
