// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_json.c - comparisons as JSON: all figures, or for KCIDB.
 *
 * If a call returns NULL, jansson's next call fails, too.  So it is enough to
 * look at the last result.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "compare_cell.h"
#include "compare_format.h"

/* JSON has no infinity and no NaN. */
static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static int dump(FILE *out, json_t *json)
{
	int ret = json ? 0 : -ENOMEM;

	if (json && json_dumpf(json, out, JSON_INDENT(2)))
		ret = ferror(out) ? 0 : -ENOMEM;
	fputc('\n', out);
	json_decref(json);
	return ret;
}

static json_t *cell_json(const struct compare_cell *c)
{
	const struct record *r = c->base;
	const struct judgement *j = &c->j;

	return json_pack(
		"{s:s,s:s,s:s,s:I,s:s,s:i,s:s,s:b,s:s,s:I,s:I,s:I,s:b,s:o,s:o,"
		"s:o,"
		"s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:s?}",
		"case", r->case_name, "method", r->method, "shape", r->shape,
		"n", (json_int_t)r->n, "populate", r->populate, "threads",
		(int)r->threads, "phase", phase_name(c->phase), "cpu", c->cpu,
		"unit", compare_cell_unit(c), "base_runs",
		(json_int_t)r->sample_cnt, "again_runs",
		(json_int_t)(c->again ? c->again->sample_cnt : 0), "new_runs",
		(json_int_t)c->fresh->sample_cnt, "rounds", c->rounds, "base",
		number(j->base), "new", number(j->fresh), "change",
		number(j->change.value), "change_low", number(j->change.low),
		"change_high", number(j->change.high), "floor",
		number(j->floor), "p", number(j->p), "p_holm",
		number(j->p_holm), "p_median", number(j->p_median), "verdict",
		verdict_name(j->verdict), "why", j->why);
}

static json_t *gap_json(const struct compare_gap *gap)
{
	const struct record *r = gap->rec;

	return json_pack("{s:s,s:s,s:s,s:I,s:s,s:i,s:b,s:s}", "case",
			 r->case_name, "method", r->method, "shape", r->shape,
			 "n", (json_int_t)r->n, "populate", r->populate,
			 "threads", (int)r->threads, "failed", gap->failed,
			 "why", gap->why);
}

int compare_print_json(FILE *out, const struct comparison *cmp)
{
	json_t *cells = json_array(), *counts = json_object();
	json_t *gaps = json_array();
	int ret = 0;

	for (size_t i = 0; i < cmp->cnt; i++)
		ret |= json_array_append_new(cells, cell_json(&cmp->cell[i]));
	for (enum verdict v = 0; v < VERDICT_MAX; v++)
		ret |= json_object_set_new(
			counts, verdict_name(v),
			json_integer((json_int_t)cmp->verdict_cnt[v]));
	for (size_t i = 0; i < cmp->gap_cnt; i++)
		ret |= json_array_append_new(gaps, gap_json(&cmp->gap[i]));
	if (ret) {
		json_decref(gaps);
		json_decref(cells);
		json_decref(counts);
		return -ENOMEM;
	}
	return dump(out, json_pack("{s:i,s:b,s:f,s:f,s:f,s:f,s:o,s:o,s:o}",
				   "schema", 1, "failed", cmp->failed, "alpha",
				   cmp->rules.alpha, "least", cmp->rules.least,
				   "least_cost", cmp->rules.least_cost,
				   "margin", cmp->rules.margin, "verdicts",
				   counts, "cells", cells, "left_out", gaps));
}

/* A path in KCIDB has letters, digits, '_' and '-' between its dots. */
static void kcidb_path(const char *path, char *buf, size_t len)
{
	snprintf(buf, len, "fuse_epoch.%s", path);
	for (; *buf; buf++)
		if (!isalnum((unsigned char)*buf) && !strchr("._-", *buf))
			*buf = '_';
}

/* "No properties can be null" there. */
static json_t *without_nulls(json_t *json)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(json, next, key,
				 value) if (json_is_null(value))
		json_object_del(json, key);
	return json;
}

/* What all tests have; r is of NEW. */
static json_t *kcidb_test(const struct record *r, const char *cell_path,
			  const char *status, const char *comment)
{
	char path[COMPARE_TEXT_LEN + 16];

	kcidb_path(cell_path, path, sizeof(path));
	return json_pack("{s:s,s:o,s:o,s:s,s:s,s:s,s:{s:s}}", "origin",
			 "fuse_epoch", "id",
			 json_sprintf("fuse_epoch:%s.%s", r->run_id, path),
			 "build_id",
			 json_sprintf("fuse_epoch:%s%s%s %s", r->host.kernel,
				      r->host.fuse[0] ? " " : "", r->host.fuse,
				      r->host.bench),
			 "path", path, "status", status, "comment", comment,
			 "environment", "comment", r->host.cpu_model);
}

static json_t *kcidb_number(const struct compare_cell *c)
{
	bool time = !strcmp(compare_cell_unit(c), "ns");

	return json_pack("{s:f,s:s,s:s}", "value",
			 c->j.fresh * (time ? 1e-9 : 1), "unit",
			 time ? "s" : "insns", "prefix", "metric");
}

static json_t *kcidb_cell(const struct comparison *cmp,
			  const struct compare_cell *c)
{
	static const char *const status[VERDICT_MAX] = {
		[VERDICT_SAME] = "PASS",
		[VERDICT_FASTER] = "PASS",
		[VERDICT_SLOWER] = "FAIL",
		[VERDICT_UNDECIDED] = "DONE",
	};
	char path[COMPARE_TEXT_LEN], text[COMPARE_TEXT_LEN];
	bool fails = cmp->strict && c->j.verdict == VERDICT_UNDECIDED;
	json_t *test;

	compare_cell_path(c, '.', path, sizeof(path));
	compare_cell_text(c, text, sizeof(text));
	test = kcidb_test(c->fresh, path, fails ? "FAIL" : status[c->j.verdict],
			  text);
	if ((isfinite(c->j.fresh) &&
	     json_object_set_new(test, "number", kcidb_number(c))) ||
	    json_object_set_new(test, "misc", without_nulls(cell_json(c)))) {
		json_decref(test);
		return NULL;
	}
	return test;
}

static json_t *kcidb_gap(const struct compare_gap *gap)
{
	char path[COMPARE_TEXT_LEN];

	compare_record_path(gap->rec, '.', path, sizeof(path));
	return kcidb_test(gap->fresh, path, gap->failed ? "ERROR" : "SKIP",
			  gap->why);
}

/*
 * KCIDB's I/O schema 5.3 (kcidb_io/schema/v05_03.py): tests of a build.  Who
 * submits knows origin, checkout and build: replace ours with jq.
 */
int compare_print_kcidb(FILE *out, const struct comparison *cmp)
{
	json_t *tests = json_array();
	int ret = 0;

	for (size_t i = 0; i < cmp->cnt; i++)
		ret |= json_array_append_new(tests,
					     kcidb_cell(cmp, &cmp->cell[i]));
	for (size_t i = 0; i < cmp->gap_cnt; i++)
		ret |= json_array_append_new(tests, kcidb_gap(&cmp->gap[i]));
	if (ret) {
		json_decref(tests);
		return -ENOMEM;
	}
	return dump(out, json_pack("{s:{s:i,s:i},s:o}", "version", "major", 5,
				   "minor", 3, "tests", tests));
}
