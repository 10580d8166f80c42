// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_others.c - records of kinds that have no section of their own: whatever
 * of them is a number or a text, a table per file.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "section.h"

/* More than anybody reads here. */
#define COLUMNS_MAX 16
#define ROWS_MAX 200

static bool is_shown(const json_t *value)
{
	return json_is_number(value) || json_is_string(value) ||
	       json_is_boolean(value);
}

/* The keys of the first lines, in the order of appearance: key to null. */
static json_t *columns_of(const json_t *lines)
{
	json_t *columns = json_object(), *line, *value;
	const char *key;
	size_t i;

	json_array_foreach (lines, i, line) {
		if (i == ROWS_MAX)
			break;
		json_object_foreach (line, key, value)
			if (is_shown(value) && strcmp(key, "schema") &&
			    json_object_size(columns) < COLUMNS_MAX)
				json_object_set_new(columns, key, json_null());
	}
	return columns;
}

/* Numbers as they are: nobody knows their units here. */
static void add_cell(struct table *t, const json_t *value)
{
	char text[32];

	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%lld",
			 (long long)json_integer_value(value));
	else
		snprintf(text, sizeof(text), "%g", json_number_value(value));
	if (json_is_number(value))
		table_number(t, text, json_number_value(value));
	else if (json_is_boolean(value))
		table_text(t, json_is_true(value) ? "yes" : "no");
	else
		table_text(t, json_is_string(value) ? json_string_value(value)
						    : "-");
}

static struct table *table_of(const json_t *lines, const json_t *columns)
{
	struct table *t = table_new();
	json_t *line, *unused;
	const char *key;
	size_t i;

	json_object_foreach ((json_t *)columns, key, unused)
		table_column(t, key, key, TABLE_LEFT);
	json_array_foreach (lines, i, line) {
		if (i == ROWS_MAX)
			break;
		table_row(t);
		json_object_foreach ((json_t *)columns, key, unused)
			add_cell(t, json_object_get(line, key));
	}
	return t;
}

static int print_file(const char *name, const json_t *lines, FILE *out)
{
	json_t *columns = columns_of(lines);
	size_t cnt = json_array_size(lines);
	struct part p;
	int ret;

	if (part_begin(&p)) {
		json_decref(columns);
		return -ENOMEM;
	}
	fprintf(p.caption.out, "%zu records", cnt);
	if (cnt > ROWS_MAX)
		fprintf(p.caption.out, ", of which these are the first %d",
			ROWS_MAX);
	fputs(".", p.caption.out);
	p.table = table_of(lines, columns);
	part_fold(name, out);
	ret = part_end(&p, out);
	part_fold_end(out);
	json_decref(columns);
	return ret;
}

static int print(const struct html_records *all, FILE *out)
{
	const char *name;
	json_t *lines;
	int ret = 0;

	json_object_foreach (all->others, name, lines)
		if (!ret)
			ret = print_file(name, lines, out);
	return ret;
}

static const struct html_section section = {
	.order = 90,
	.id = "others",
	.title = "Other records",
	.print = print,
};

HTML_SECTION(section_others, section);
