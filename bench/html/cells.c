// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench/advice/rounds.h"
#include "cells.h"
#include "part.h"

static json_t *key_of(const struct workload_record *rec)
{
	return json_sprintf("%s %s", rec->run_id,
			    workload_in_table(rec) ? rec->workload : "");
}

int html_cells_each(const struct html_records *all, bool events,
		    html_cells_fn *fn, FILE *out)
{
	json_t *seen = json_object();
	int ret = 0;

	for (size_t i = 0; !ret && i < all->workload_cnt; i++) {
		const struct workload_record *rec = &all->workload[i];
		json_t *key = key_of(rec);

		if (workload_in_table(rec) != events &&
		    !json_object_get(seen, json_string_value(key))) {
			json_object_set_new(seen, json_string_value(key),
					    json_true());
			ret = fn(all, rec, out);
		}
		json_decref(key);
	}
	json_decref(seen);
	return ret;
}

size_t html_cells_rates(const struct html_records *all,
			const struct workload_record *first)
{
	json_t *rates = json_object();
	size_t cnt;

	for (size_t i = 0; i < all->workload_cnt; i++) {
		const struct workload_record *rec = &all->workload[i];
		char rate[32];

		if (strcmp(rec->run_id, first->run_id) ||
		    strcmp(rec->workload, first->workload) ||
		    !(rec->rate_hz > 0))
			continue;
		snprintf(rate, sizeof(rate), "%g", rec->rate_hz);
		json_object_set_new(rates, rate, json_true());
	}
	cnt = json_object_size(rates);
	json_decref(rates);
	return cnt;
}

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text ? text : "";
}

char *html_cells_method(const json_t *row)
{
	bool changed = !strcmp(text_of(row, "scope"), "changed");
	char *text;

	return asprintf(&text, "%s%s", text_of(row, "method"),
			changed ? ":changed" : "") < 0
		       ? NULL
		       : text;
}

/* Each once, as rows of one method follow each other. */
static void put_methods(const json_t *rows, FILE *out)
{
	char *before = NULL;
	const char *sep = "";
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		char *method = html_cells_method(row);

		if (method && (!before || strcmp(method, before)) &&
		    strcmp(method, "none")) {
			fprintf(out, "%s%s", sep, part_word(method));
			sep = ",";
		}
		free(before);
		before = method;
	}
	free(before);
}

/* Of the method that has most of them, as far as each row begins a higher one. */
static void put_rates(const json_t *rows, FILE *out)
{
	double before = 0;
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		double rate =
			json_number_value(json_object_get(row, "rate_hz"));

		if (rate > before) {
			fprintf(out, "%s%g", before > 0 ? "," : " --rate ",
				rate);
			before = rate;
		}
	}
}

void html_cells_command(const json_t *rows, const struct workload_record *first,
			FILE *out)
{
	fputs("epochbench workload -m ", out);
	put_methods(rows, out);
	if (!workload_in_table(first)) {
		fputs(" --timeline", out);
		return;
	}
	put_rates(rows, out);
	fprintf(out, " -w %s", part_word(first->workload));
}

void html_cells_say(const struct workload_record *first, FILE *out)
{
	fprintf(out,
		"Measured over %" PRIu64 " files of %s, Linux %s%s%s, run %s.",
		first->tree.file_cnt, first->tree.source, first->host.kernel,
		first->daemon.program[0] ? ", " : "", first->daemon.program,
		first->run_id);
}
