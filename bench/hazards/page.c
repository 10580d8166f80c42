// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "page.h"
#include "pivot.h"
#include "records.h"

struct page {
	FILE *out;
	const json_t *records;
	json_t *methods; /* in order of appearance */
	size_t kernel_cnt;
	enum report_format format;
	bool markdown, many;
};

static int print_table(const struct page *p, const char *title,
		       const json_t *records)
{
	struct table *t = pivot_table(records, p->methods, p->many);
	int ret;

	fprintf(p->out, "%s%s\n\n", p->markdown ? "## " : "", title);
	if (p->markdown)
		ret = table_print_markdown(t, p->out);
	else
		ret = table_print_text(t, p->out);
	table_free(t);
	fputc('\n', p->out);
	return ret;
}

/* "KIND: REASON (A, B).": the kernels, if it isn't of all. */
static void print_reason(const struct page *p, const char *kind,
			 const char *reason, const json_t *of)
{
	json_t *kernels = pivot_kernels(of);
	const json_t *kernel;
	size_t i;

	fprintf(p->out, "%s: %s", kind, reason);
	if (json_array_size(kernels) < p->kernel_cnt) {
		json_array_foreach (kernels, i, kernel)
			fprintf(p->out, "%s%s", i ? ", " : " (",
				json_string_value(kernel));
		fputc(')', p->out);
	}
	fputs(".\n\n", p->out);
	json_decref(kernels);
}

static json_t *with(const json_t *records, const char *key, const char *text)
{
	json_t *own = json_array();
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (!strcmp(record_text(record, key), text))
			json_array_append(own, (json_t *)record);
	return own;
}

/* Why cells say "n/a" or "FAILED", each reason once. */
static void print_reasons(const struct page *p, const json_t *records,
			  const char *outcome, const char *kind)
{
	json_t *own = with(records, "outcome", outcome);
	json_t *reasons = pivot_texts(own, "detail");
	const json_t *reason;
	size_t i;

	json_array_foreach (reasons, i, reason) {
		const char *text = json_string_value(reason);
		json_t *of = with(own, "detail", text);

		/* Of all cells: the row says it. */
		if (*record_text(json_array_get(of, 0), "probe"))
			print_reason(p, kind, text, of);
		json_decref(of);
	}
	json_decref(reasons);
	json_decref(own);
}

/* "Not offered: epoch (stock), prune (stock, v8)." */
static void print_unoffered(const struct page *p)
{
	json_t *own = with(p->records, "detail", HAZARD_UNOFFERED);
	json_t *methods = pivot_texts(own, "method");
	const json_t *method, *kernel;
	size_t i, k;

	json_array_foreach (methods, i, method) {
		json_t *of = with(own, "method", json_string_value(method));
		json_t *kernels = pivot_kernels(of);

		fprintf(p->out, "%s%s",
			i ? ", " : "Not offered: ", json_string_value(method));
		json_array_foreach (kernels, k, kernel)
			if (p->many)
				fprintf(p->out, "%s%s", k ? ", " : " (by ",
					json_string_value(kernel));
		fputs(p->many ? ")" : "", p->out);
		json_decref(kernels);
		json_decref(of);
	}
	fputs(json_array_size(methods) ? ".\n\n" : "", p->out);
	json_decref(methods);
	json_decref(own);
}

/* The first that shows something, to be run where it was seen. */
static const json_t *best_example(const json_t *records)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (!strcmp(record_text(record, "outcome"), "present"))
			return record;
	json_array_foreach (records, i, record)
		if (strcmp(record_text(record, "method"), "none") &&
		    strcmp(record_text(record, "outcome"), "skip"))
			return record;
	return json_array_get(records, 0);
}

/* "all" in its table is all of these, which may be fewer than on the page. */
static void print_measured_on(const struct page *p, const json_t *own)
{
	json_t *kernels = pivot_kernels(own);
	const json_t *kernel;
	size_t i;

	if (json_array_size(kernels) < p->kernel_cnt) {
		json_array_foreach (kernels, i, kernel)
			fprintf(p->out, "%s%s", i ? ", " : "Measured on ",
				json_string_value(kernel));
		fputs(" only.\n\n", p->out);
	}
	json_decref(kernels);
}

static int print_hazard(const struct page *p, const struct hazard *h)
{
	json_t *own = with(p->records, "hazard", h->name);
	const char *tick = p->markdown ? "`" : "";
	int ret = 0;

	if (json_array_size(own)) {
		ret = print_table(p, h->title, own);
		print_reasons(p, own, "skip", "n/a");
		print_reasons(p, own, "failed", "FAILED");
		print_measured_on(p, own);
		paragraph_print(p->out, p->format, h->note);
		if (h == &hazard_semantics)
			paragraph_print(p->out, p->format, cell_legend);
		fprintf(p->out, "To see it: %s%s%s\n\n", tick,
			record_text(best_example(own), "reproduce"), tick);
	}
	json_decref(own);
	return ret;
}

/* Of one method on one kernel and one hazard: "3"; NULL: nothing tried. */
static json_t *summed_up(const json_t *own, const json_t *like)
{
	unsigned int present = 0, tested = 0;
	char wanted[CELL_LEN], kernel[CELL_LEN];
	const json_t *record;
	size_t i;

	cell_kernel(like, wanted);
	json_array_foreach (own, i, record) {
		const char *outcome = record_text(record, "outcome");

		cell_kernel(record, kernel);
		if (strcmp(kernel, wanted) ||
		    strcmp(record_text(record, "method"),
			   record_text(like, "method")))
			continue;
		present += !strcmp(outcome, "present");
		tested += !strcmp(outcome, "present") ||
			  !strcmp(outcome, "absent");
	}
	if (!tested)
		return NULL;
	return present ? json_sprintf("%u", present) : json_string("-");
}

/* A record that stands for all of a hazard, once for each method and kernel. */
static void sum_up(json_t *overview, const struct hazard *h, const json_t *own)
{
	json_t *seen = json_array();
	const json_t *record;
	size_t i;

	json_array_foreach (own, i, record) {
		json_t *key, *text = NULL;
		size_t before = json_array_size(seen);
		char kernel[CELL_LEN];

		cell_kernel(record, kernel);
		key = json_sprintf("%s %s", kernel,
				   record_text(record, "method"));
		pivot_note(seen, json_string_value(key));
		json_decref(key);
		if (json_array_size(seen) > before)
			text = summed_up(own, record);
		if (text)
			json_array_append_new(
				overview,
				json_pack("{ss ss ss ss ss so}", "kernel",
					  record_text(record, "kernel"), "fuse",
					  record_text(record, "fuse"), "method",
					  record_text(record, "method"),
					  "probe", h->name, "outcome",
					  "present", "detail", text));
	}
	json_decref(seen);
}

static int print_overview(const struct page *p)
{
	json_t *overview = json_array();
	int ret = 0;

	for (unsigned int i = 0; i < hazard_cnt; i++) {
		json_t *own = with(p->records, "hazard", hazards[i]->name);

		sum_up(overview, hazards[i], own);
		json_decref(own);
	}
	if (json_array_size(overview)) {
		ret = print_table(p, "Which hazards each method has", overview);
		paragraph_print(p->out, p->format,
				"In how many of the cases below the hazard is "
				"present; -: in none; n/a: not testable, or "
				"nothing to test.");
	}
	json_decref(overview);
	return ret;
}

static int print_json(FILE *out, const json_t *records)
{
	int ret =
		json_dumpf(records, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

	fputc('\n', out);
	return ret ? -EIO : 0;
}

/* Where the records come from: what a reader must know of numbers of time. */
static void print_hosts(const struct page *p)
{
	json_t *hosts = json_array();
	const json_t *record;
	size_t i;

	json_array_foreach (p->records, i, record) {
		char kernel[CELL_LEN];
		json_t *host;

		cell_kernel(record, kernel);
		host = json_sprintf("%s: Linux %s%s%s, %s", kernel,
				    record_text(record, "kernel"),
				    *record_text(record, "fuse") ? ", fuse.ko "
								 : "",
				    record_text(record, "fuse"),
				    record_text(record, "virt"));
		pivot_note(hosts, json_string_value(host));
		json_decref(host);
	}
	fputs("Kernels:\n", p->out);
	json_array_foreach (hosts, i, record)
		fprintf(p->out, "%s%s\n", p->markdown ? "- " : "  ",
			json_string_value(record));
	json_decref(hosts);
}

int page_print(FILE *out, const json_t *records, enum report_format format)
{
	struct page p = { .out = out,
			  .records = records,
			  .format = format,
			  .markdown = format == REPORT_MARKDOWN };
	json_t *kernels;
	int ret;

	if (format == REPORT_JSON)
		return print_json(out, records);
	kernels = pivot_kernels(records);
	p.kernel_cnt = json_array_size(kernels);
	p.many = p.kernel_cnt > 1;
	json_decref(kernels);
	p.methods = pivot_texts(records, "method");
	ret = print_overview(&p);
	print_unoffered(&p);
	for (unsigned int i = 0; !ret && i < hazard_cnt; i++)
		ret = print_hazard(&p, hazards[i]);
	print_hosts(&p);
	json_decref(p.methods);
	return ret ? ret : (fflush(out) ? -errno : 0);
}
