// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts are in JSON arrays, because jansson compares whole rows and frees them.
 * If there is no memory, a row is short, and the table knows that it isn't
 * complete.
 */
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "hazard.h"
#include "pivot.h"
#include "records.h"

struct pivot {
	const json_t *records;
	json_t *kernels, *probes; /* in order of appearance */
};

void pivot_note(json_t *texts, const char *text)
{
	const json_t *old;
	size_t i;

	json_array_foreach (texts, i, old)
		if (!strcmp(json_string_value(old), text))
			return;
	json_array_append_new(texts, json_string(text));
}

json_t *pivot_texts(const json_t *records, const char *key)
{
	json_t *texts = json_array();
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (*record_text(record, key))
			pivot_note(texts, record_text(record, key));
	return texts;
}

json_t *pivot_kernels(const json_t *records)
{
	json_t *kernels = json_array();
	char kernel[CELL_LEN];
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		cell_kernel(record, kernel);
		pivot_note(kernels, kernel);
	}
	return kernels;
}

static const json_t *find(const struct pivot *p, const char *kernel,
			  const char *method, const char *probe)
{
	const json_t *record;
	char name[CELL_LEN];
	size_t i;

	json_array_foreach (p->records, i, record) {
		if (strcmp(record_text(record, "method"), method) ||
		    strcmp(record_text(record, "probe"), probe))
			continue;
		cell_kernel(record, name);
		if (!strcmp(name, kernel))
			return record;
	}
	return NULL;
}

/*
 * The cells of one kernel; a text if there are none, or don't count, and why; or
 * NULL.  What was measured comes before a reason why it wasn't.
 */
static json_t *row_of(const struct pivot *p, const char *kernel,
		      const char *method)
{
	const json_t *whole = find(p, kernel, method, ""), *record, *probe;
	json_t *cells = json_array();
	char text[CELL_LEN];
	bool any = false;
	size_t i;

	json_array_foreach (p->probes, i, probe) {
		record = find(p, kernel, method, json_string_value(probe));
		any |= !!record;
		strcpy(text, "n/a");
		if (record)
			cell_text(record, text);
		json_array_append_new(cells, json_string(text));
	}
	if (any && (!whole || !strcmp(record_text(whole, "outcome"), "skip")))
		return cells;
	json_decref(cells);
	if (!whole || !strcmp(record_text(whole, "detail"), HAZARD_UNOFFERED))
		return NULL;
	cell_text(whole, text);
	return json_sprintf("%s: %s", text, record_text(whole, "detail"));
}

/* Pairs of a row and the kernels that have it. */
static json_t *rows_of(const struct pivot *p, const char *method)
{
	json_t *rows = json_array(), *old = NULL;
	const json_t *kernel;
	size_t i, k;

	json_array_foreach (p->kernels, i, kernel) {
		json_t *row = row_of(p, json_string_value(kernel), method);

		if (!row)
			continue;
		json_array_foreach (rows, k, old)
			if (json_equal(json_array_get(old, 0), row))
				break;
		if (k == json_array_size(rows)) {
			json_array_append_new(rows, json_pack("[O[]]", row));
			old = json_array_get(rows, k);
		}
		json_array_append(json_array_get(old, 1), (json_t *)kernel);
		json_decref(row);
	}
	return rows;
}

static void list_kernels(const json_t *kernels, char *text)
{
	size_t used = strlen(text), i;
	const json_t *kernel;

	json_array_foreach (kernels, i, kernel)
		if (used < CELL_LEN)
			used += (size_t)snprintf(text + used, CELL_LEN - used,
						 "%s%s", i ? ", " : "",
						 json_string_value(kernel));
}

/* Those of this row among those of all: "all", "all but 6.19.14", or a list. */
static void kernels_text(const json_t *rows, size_t which, char *text)
{
	const json_t *own = json_array_get(json_array_get(rows, which), 1),
		     *row;
	json_t *others = json_array();
	size_t i;

	json_array_foreach (rows, i, row)
		if (i != which)
			json_array_extend(others, json_array_get(row, 1));
	strcpy(text, "");
	if (!json_array_size(others)) {
		strcpy(text, "all");
	} else if (json_array_size(own) > json_array_size(others)) {
		strcpy(text, "all but ");
		list_kernels(others, text);
	} else {
		list_kernels(own, text);
	}
	json_decref(others);
}

static void add_rows(struct table *t, const struct pivot *p, const char *method,
		     bool many)
{
	json_t *rows = rows_of(p, method), *row;
	char text[CELL_LEN];
	const json_t *cell;
	size_t i, k;

	json_array_foreach (rows, i, row) {
		const json_t *cells = json_array_get(row, 0);

		table_row(t);
		table_text(t, method);
		kernels_text(rows, i, text);
		if (many)
			table_text(t, text);
		if (json_is_string(cells))
			table_remark(t, json_string_value(cells));
		json_array_foreach (cells, k, cell)
			table_text(t, json_string_value(cell));
	}
	json_decref(rows);
}

struct table *pivot_table(const json_t *records, const json_t *methods,
			  bool many)
{
	struct pivot p = {
		.records = records,
		.kernels = pivot_kernels(records),
		.probes = pivot_texts(records, "probe"),
	};
	struct table *t = table_new();
	const json_t *text;
	size_t i;

	table_column(t, "method", "method", TABLE_LEFT);
	if (many)
		table_column(t, "kernel", "kernel", TABLE_LEFT);
	json_array_foreach (p.probes, i, text)
		table_column(t, json_string_value(text),
			     json_string_value(text), TABLE_LEFT);
	/* Whatever says why there is nothing needs a column to say it in. */
	if (!json_array_size(p.probes))
		table_column(t, "status", "status", TABLE_LEFT);
	json_array_foreach (methods, i, text)
		add_rows(t, &p, json_string_value(text), many);
	json_decref(p.kernels);
	json_decref(p.probes);
	return t;
}
