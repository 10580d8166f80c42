// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/hazards/check.h"
#include "bench/hazards/records.h"
#include "bench/insn/gate.h"
#include "bench/lib/input.h"
#include "bench/lib/json_lines.h"
#include "bench/lib/text.h"
#include "bench/record/record_same.h"
#include "bench/record/record_schema.h"
#include "records.h"

/* Of daemons and of what isn't known here, together: ten times what there are. */
#define LINES_MAX 100000

struct reading {
	struct html_records *all;
	char *name; /* of the file, as JSON can hold it */
	json_t *insns; /* of this file */
};

typedef int add_fn(struct reading *r, const json_t *line, char *err,
		   size_t err_len);

static bool has_schema(const json_t *line, const char *wanted)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));

	return schema && !strcmp(schema, wanted);
}

static int append(const struct reading *r, json_t *array, const json_t *line,
		  char *err, size_t err_len)
{
	if (r->all->line_cnt >= LINES_MAX) {
		snprintf(err, err_len, "more than %d lines: give fewer files",
			 LINES_MAX);
		return -EINVAL;
	}
	return json_array_append(array, (json_t *)line) ? -ENOMEM : 0;
}

static bool is_run(const json_t *line)
{
	return json_object_get(line, "case") && json_object_get(line, "phases");
}

static int add_run(struct reading *r, const json_t *line, char *err,
		   size_t err_len)
{
	return record_append(line, &r->all->rec, &r->all->rec_cnt, err,
			     err_len);
}

static int add_workload(struct reading *r, const json_t *line, char *err,
			size_t err_len)
{
	return workload_record_append(line, &r->all->workload,
				      &r->all->workload_cnt, err, err_len);
}

static bool is_hazard(const json_t *line)
{
	return has_schema(line, HAZARD_SCHEMA);
}

static int add_hazard(struct reading *r, const json_t *line, char *err,
		      size_t err_len)
{
	int ret = check_record(line, err, err_len);

	return ret ? ret : append(r, r->all->hazards, line, err, err_len);
}

static bool is_insns(const json_t *line)
{
	return has_schema(line, GATE_SCHEMA);
}

/* The first line of a file has no count, and begins an array. */
static int add_insns(struct reading *r, const json_t *line, char *err,
		     size_t err_len)
{
	int ret = gate_check_line(line, !r->insns, err, err_len);

	if (ret || r->insns)
		return ret ? ret : append(r, r->insns, line, err, err_len);
	r->insns = json_array();
	return json_array_append_new(r->all->insns, r->insns) ? -ENOMEM : 0;
}

static bool is_daemon(const json_t *line)
{
	return has_schema(line, "daemons/1");
}

static int add_daemon(struct reading *r, const json_t *line, char *err,
		      size_t err_len)
{
	return append(r, r->all->daemons, line, err, err_len);
}

static bool is_any(const json_t *line)
{
	(void)line;
	return true;
}

static int add_other(struct reading *r, const json_t *line, char *err,
		     size_t err_len)
{
	json_t *lines = json_object_get(r->all->others, r->name);

	if (!lines) {
		lines = json_array();
		if (json_object_set_new(r->all->others, r->name, lines))
			return -ENOMEM;
	}
	return append(r, lines, line, err, err_len);
}

/* The last one takes what the others don't. */
static const struct {
	bool (*is)(const json_t *line);
	add_fn *add;
} kinds[] = {
	{ is_run, add_run },	   { workload_record_is, add_workload },
	{ is_hazard, add_hazard }, { is_insns, add_insns },
	{ is_daemon, add_daemon }, { is_any, add_other },
};

static int add_line(const json_t *line, void *arg, char *err, size_t err_len)
{
	struct reading *r = arg;
	size_t i = 0;

	while (!kinds[i].is(line))
		i++;
	r->all->line_cnt++;
	return kinds[i].add(r, line, err, err_len);
}

int html_records_init(struct html_records *all)
{
	*all = (struct html_records){ .hazards = json_array(),
				      .insns = json_array(),
				      .daemons = json_array(),
				      .others = json_object() };
	return all->hazards && all->insns && all->daemons && all->others
		       ? 0
		       : -ENOMEM;
}

void html_records_free(struct html_records *all)
{
	for (size_t i = 0; i < all->rec_cnt; i++)
		record_free(&all->rec[i]);
	free(all->rec);
	workload_records_free(all->workload, all->workload_cnt);
	json_decref(all->hazards);
	json_decref(all->insns);
	json_decref(all->daemons);
	json_decref(all->others);
}

int html_records_read(struct html_records *all, const char *path, char *err,
		      size_t err_len)
{
	struct reading r = { .all = all,
			     .name = text_escape(input_name(path)) };
	size_t before = all->line_cnt;
	int ret =
		r.name ? json_lines_read_large(path, add_line, &r, err, err_len)
		       : -ENOMEM;

	free(r.name);
	if (ret || all->line_cnt > before)
		return ret;
	snprintf(err, err_len, "%s: no records", path);
	return -EINVAL;
}

int html_records_sort(struct html_records *all)
{
	return all->rec_cnt ? record_sort_runs(all->rec, &all->rec_cnt) : 0;
}
