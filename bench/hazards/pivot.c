// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts are in JSON, because jansson finds and frees them.  If there is no memory,
 * a row is short, and the table knows that it isn't complete.
 *
 * There are no more rows than records, and at most HAZARD_PROBES_MAX columns: so
 * time and room are linear in the records, whatever is in them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "group.h"
#include "hazard.h"
#include "pivot.h"
#include "records.h"

struct pivot {
	json_t *methods; /* method to kernel to probe to its record */
	json_t *probes; /* a group: the columns */
};

/* The object of that name in another, which gets one if it has none. */
static json_t *object_in(json_t *outer, const char *name)
{
	if (!json_object_get(outer, name))
		json_object_set_new(outer, name, json_object());
	return json_object_get(outer, name);
}

/* Kernel by kernel: each method has them in the same order. */
static json_t *index_methods(const json_t *records)
{
	json_t *methods = json_object(), *kernels = group_by_kernel(records);
	const json_t *record;
	const char *kernel;
	json_t *own, *cells;
	size_t i;

	json_object_foreach (kernels, kernel, own) {
		json_array_foreach (own, i, record) {
			const char *probe = record_text(record, "probe");

			cells = object_in(methods,
					  record_text(record, "method"));
			cells = object_in(cells, kernel);
			if (!json_object_get(cells, probe))
				json_object_set(cells, probe, (json_t *)record);
		}
	}
	json_decref(kernels);
	return methods;
}

/*
 * The cells of one kernel; a text if there are none, or don't count, and why; or
 * NULL.  What was measured comes before a reason why it wasn't.
 */
static json_t *row_of(const struct pivot *p, const json_t *of)
{
	const json_t *whole = json_object_get(of, "");
	bool any = json_object_size(of) > (whole ? 1 : 0);
	const char *probe;
	char text[CELL_LEN];
	json_t *row, *unused;

	if (any && (!whole || !strcmp(record_text(whole, "outcome"), "skip"))) {
		row = json_array();
		json_object_foreach (p->probes, probe, unused) {
			const json_t *record = json_object_get(of, probe);

			strcpy(text, "n/a");
			if (record)
				cell_text(record, text);
			json_array_append_new(
				row, json_pack("[si]", text,
					       (int)cell_tone(record)));
		}
		return row;
	}
	if (!whole || !strcmp(record_text(whole, "detail"), HAZARD_UNOFFERED))
		return NULL;
	cell_text(whole, text);
	return json_sprintf("%s: %s", text, record_text(whole, "detail"));
}

/* By what is in a row: the row, and the kernels that have it. */
static json_t *rows_of(const struct pivot *p, const char *method)
{
	json_t *rows = json_object(), *of;
	const char *kernel;

	json_object_foreach (json_object_get(p->methods, method), kernel, of) {
		json_t *row = row_of(p, of), *same;
		char *key = json_dumps(row, JSON_COMPACT | JSON_ENCODE_ANY);

		if (key && !json_object_get(rows, key))
			json_object_set_new(rows, key, json_pack("[O[]]", row));
		same = key ? json_object_get(rows, key) : NULL;
		json_array_append_new(json_array_get(same, 1),
				      json_string(kernel));
		free(key);
		json_decref(row);
	}
	return rows;
}

/* Those of a row among cnt of all: "all", "all but 6.19.14", or a list. */
static void put_label(FILE *out, json_t *rows, const json_t *row, size_t cnt)
{
	const json_t *own = json_array_get(row, 1);
	size_t own_cnt = json_array_size(own), used = 0;
	const char *key;
	json_t *other;

	if (own_cnt == cnt) {
		fputs("all", out);
	} else if (own_cnt > cnt - own_cnt) {
		fputs("all but ", out);
		json_object_foreach (rows, key, other)
			if (other != row)
				used = group_put_kernels(
					out, json_array_get(other, 1), used);
	} else {
		used = group_put_kernels(out, own, 0);
	}
	group_put_rest(out, used);
}

static void add_kernels(struct table *t, json_t *rows, const json_t *row,
			size_t cnt)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out)
		put_label(out, rows, row, cnt);
	if (out && !fclose(out))
		table_text(t, text);
	free(text);
}

static void add_rows(struct table *t, const struct pivot *p, const char *method,
		     bool many)
{
	json_t *rows = rows_of(p, method), *row;
	const json_t *cell;
	const char *key;
	size_t i, cnt = 0;

	json_object_foreach (rows, key, row)
		cnt += json_array_size(json_array_get(row, 1));
	json_object_foreach (rows, key, row) {
		const json_t *cells = json_array_get(row, 0);

		table_row(t);
		table_text(t, method);
		if (many)
			add_kernels(t, rows, row, cnt);
		if (json_is_string(cells))
			table_remark(t, json_string_value(cells));
		json_array_foreach (cells, i, cell) {
			table_text(t,
				   json_string_value(json_array_get(cell, 0)));
			table_tone(t, (enum table_tone)json_integer_value(
					      json_array_get(cell, 1)));
		}
	}
	json_decref(rows);
}

struct table *pivot_table(const json_t *records, const json_t *methods,
			  bool many)
{
	struct pivot p = {
		.methods = index_methods(records),
		.probes = group_by(records, "probe"),
	};
	struct table *t = table_new();
	const char *name;
	json_t *unused;

	table_column(t, "method", "method", TABLE_LEFT);
	if (many)
		table_column(t, "kernel", "kernel", TABLE_LEFT);
	json_object_foreach (p.probes, name, unused)
		table_column(t, name, name, TABLE_LEFT);
	/* Whatever says why there is nothing needs a column to say it in. */
	if (!json_object_size(p.probes))
		table_column(t, "status", "status", TABLE_LEFT);
	json_object_foreach ((json_t *)methods, name, unused)
		add_rows(t, &p, name, many);
	json_decref(p.methods);
	json_decref(p.probes);
	return t;
}
