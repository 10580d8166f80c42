// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/text.h"
#include "cells.h"
#include "group.h"
#include "overview.h"
#include "page.h"
#include "pivot.h"
#include "records.h"

struct page {
	FILE *out;
	const json_t *records;
	json_t *methods, *hazards; /* groups */
	size_t kernel_cnt;
	enum report_format format;
	bool markdown, many;
};

/* Frees it. */
static int print_table(const struct page *p, const char *title, struct table *t)
{
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

/* What isn't ours, in the form of the page. */
static void put(const struct page *p, const char *text)
{
	text_put(p->out, text, p->markdown ? TEXT_MARKDOWN : "");
}

/* A paragraph on its way. */
struct words {
	FILE *out;
	char *text;
	size_t len;
};

static struct words *words_new(void)
{
	struct words *w = calloc(1, sizeof(*w));

	if (w)
		w->out = open_memstream(&w->text, &w->len);
	if (w && w->out)
		return w;
	free(w);
	return NULL;
}

/* "A, B, C" */
static void add_names(struct words *w, json_t *group)
{
	const char *name, *sep = "";
	json_t *unused;

	json_object_foreach (group, name, unused) {
		fprintf(w->out, "%s%s", sep, name);
		sep = ", ";
	}
}

static void print_words(const struct page *p, struct words *w)
{
	if (!fclose(w->out) && w->len)
		paragraph_print(p->out, p->format, w->text);
	free(w->text);
	free(w);
}

/* "KIND: REASON (A, B).": the kernels, if it isn't of all. */
static void print_reason(const struct page *p, const char *kind,
			 const char *reason, const json_t *of)
{
	json_t *kernels = group_by_kernel(of);
	struct words *w = words_new();

	if (w) {
		fprintf(w->out, "%s: %s", kind, reason);
		if (json_object_size(kernels) < p->kernel_cnt) {
			fputs(" (", w->out);
			add_names(w, kernels);
			fputc(')', w->out);
		}
		fputc('.', w->out);
		print_words(p, w);
	}
	json_decref(kernels);
}

/* Why cells say "n/a" or "FAILED", each reason once. */
static void print_reasons(const struct page *p, const json_t *records,
			  const char *outcome, const char *kind)
{
	json_t *outcomes = group_by(records, "outcome");
	json_t *reasons =
		group_by(json_object_get(outcomes, outcome), "detail");
	const char *reason;
	json_t *of;

	/* Of all cells: the row says it. */
	json_object_foreach (reasons, reason, of)
		if (*record_text(json_array_get(of, 0), "probe"))
			print_reason(p, kind, reason, of);
	json_decref(reasons);
	json_decref(outcomes);
}

/* "Not offered: epoch (stock), prune (stock, v8)." */
static void print_unoffered(const struct page *p)
{
	json_t *reasons = group_by(p->records, "detail");
	json_t *methods =
		group_by(json_object_get(reasons, HAZARD_UNOFFERED), "method");
	const char *method, *sep = "Not offered: ";
	struct words *w = words_new();
	json_t *unused;

	json_object_foreach (w ? methods : NULL, method, unused) {
		json_t *kernels = group_kernels_of(methods, method);

		fprintf(w->out, "%s%s", sep, method);
		if (p->many) {
			fputs(" (by ", w->out);
			add_names(w, kernels);
			fputc(')', w->out);
		}
		json_decref(kernels);
		sep = ", ";
	}
	if (w) {
		fputs(json_object_size(methods) ? "." : "", w->out);
		print_words(p, w);
	}
	json_decref(methods);
	json_decref(reasons);
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
	json_t *kernels = group_by_kernel(own);
	bool all = json_object_size(kernels) == p->kernel_cnt;
	struct words *w = all ? NULL : words_new();

	if (w) {
		fputs("Measured on ", w->out);
		add_names(w, kernels);
		fputs(" only.", w->out);
		print_words(p, w);
	}
	json_decref(kernels);
}

static void print_example(const struct page *p, const json_t *own)
{
	const char *tick = p->markdown ? TEXT_CODE : "";
	json_t *text =
		json_sprintf("%s%s%s", tick,
			     record_text(best_example(own), "reproduce"), tick);

	fputs("To see it: ", p->out);
	put(p, text ? json_string_value(text) : "");
	fputs("\n\n", p->out);
	json_decref(text);
}

static int print_hazard(const struct page *p, const struct hazard *h)
{
	const json_t *own = json_object_get(p->hazards, h->name);
	int ret;

	if (!own)
		return 0;
	ret = print_table(p, h->title, pivot_table(own, p->methods, p->many));
	print_reasons(p, own, "skip", "n/a");
	print_reasons(p, own, "failed", "FAILED");
	print_measured_on(p, own);
	paragraph_print(p->out, p->format, h->note);
	if (h == &hazard_semantics)
		paragraph_print(p->out, p->format, cell_legend);
	print_example(p, own);
	return ret;
}

/* For people who know what they have there. */
static int print_stacks(const struct page *p)
{
	struct table *t;
	int ret = overview_stacks(p->hazards, &t);

	if (ret || !t)
		return ret;
	ret = print_table(p, "Which method may I use?", t);
	paragraph_print(p->out, p->format,
			"may use: whatever was tried of it goes on; in some "
			"cases: the plain case does, but not all of those "
			"below; may not: not even that.  In brackets: on these "
			"kernels, and not on most.  What a method doesn't "
			"reach is another question: see what the next access "
			"asks.");
	return ret;
}

static int print_counts(const struct page *p)
{
	json_t *counts = overview_counts(p->hazards);
	int ret = 0;

	if (json_array_size(counts)) {
		ret = print_table(p, "Which hazards each method has",
				  pivot_table(counts, p->methods, p->many));
		paragraph_print(p->out, p->format,
				"In how many of the cases below the hazard is "
				"present; -: in none; n/a: not testable, or "
				"nothing to test.");
	}
	json_decref(counts);
	return ret;
}

/* Old records lack what is new here. */
static void print_unmeasured(const struct page *p, const bool *wanted)
{
	struct words *w = words_new();
	const char *sep = "Not measured: ";

	for (unsigned int i = 0; w && i < hazard_cnt; i++)
		if ((!wanted || wanted[i]) &&
		    !json_object_get(p->hazards, hazards[i]->name)) {
			fprintf(w->out, "%s%s", sep, hazards[i]->name);
			sep = ", ";
		}
	if (w) {
		fputs(*sep == ',' ? "." : "", w->out);
		print_words(p, w);
	}
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
	json_t *hosts = json_object();
	const json_t *record;
	const char *name;
	json_t *of;
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
		if (host)
			group_add(hosts, json_string_value(host), record);
		json_decref(host);
	}
	fputs("Kernels:\n", p->out);
	json_object_foreach (hosts, name, of) {
		fputs(p->markdown ? "- " : "  ", p->out);
		put(p, name);
		fputc('\n', p->out);
	}
	json_decref(hosts);
}

int page_print(FILE *out, const json_t *records, const bool *wanted,
	       enum report_format format)
{
	struct page p = { .out = out,
			  .records = records,
			  .format = format,
			  .markdown = format == REPORT_MARKDOWN };
	json_t *kernels;
	int ret;

	if (format == REPORT_JSON)
		return print_json(out, records);
	kernels = group_by_kernel(records);
	p.kernel_cnt = json_object_size(kernels);
	p.many = p.kernel_cnt > 1;
	json_decref(kernels);
	p.methods = group_by(records, "method");
	p.hazards = group_by(records, "hazard");
	ret = print_stacks(&p);
	if (!ret)
		ret = print_counts(&p);
	print_unoffered(&p);
	print_unmeasured(&p, wanted);
	for (unsigned int i = 0; !ret && i < hazard_cnt; i++)
		ret = print_hazard(&p, hazards[i]);
	print_hosts(&p);
	json_decref(p.methods);
	json_decref(p.hazards);
	return ret;
}
