// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "group.h"
#include "hazard.h"
#include "overview.h"

/* Of the kernel that another record is of. */
static void add(json_t *all, const json_t *like, const char *method,
		const char *probe, const char *text)
{
	json_array_append_new(all,
			      json_pack("{ss ss ss ss ss ss}", "kernel",
					record_text(like, "kernel"), "fuse",
					record_text(like, "fuse"), "method",
					method, "probe", probe, "outcome",
					"present", "detail", text));
}

static bool is(const json_t *record, const char *outcome)
{
	return !strcmp(record_text(record, "outcome"), outcome);
}

static unsigned int count(const json_t *own, const char *outcome)
{
	unsigned int cnt = 0;
	const json_t *record;
	size_t i;

	json_array_foreach (own, i, record)
		cnt += is(record, outcome);
	return cnt;
}

/* Of one hazard on one kernel. */
static void add_counts(json_t *all, const struct hazard *h, const json_t *own)
{
	json_t *methods = group_by(own, "method"), *of;
	const char *method;

	json_object_foreach (methods, method, of) {
		unsigned int present = count(of, "present");
		char text[16] = "-";

		if (present)
			snprintf(text, sizeof(text), "%u", present);
		if (present || count(of, "absent"))
			add(all, json_array_get(of, 0), method, h->name, text);
	}
	json_decref(methods);
}

enum bearing { FINE, IN_PART, NOT, BEARINGS };

static const char *const bearings[BEARINGS] = {
	[FINE] = "may use",
	[IN_PART] = "in some cases",
	[NOT] = "may not",
};

/* BEARINGS: nothing was tried. */
static enum bearing bearing_of(const json_t *own, const char *plain)
{
	const json_t *record;
	size_t i;

	json_array_foreach (own, i, record)
		if (is(record, "present") &&
		    !strcmp(record_text(record, "probe"), plain))
			return NOT;
	if (count(own, "present"))
		return IN_PART;
	return count(own, "absent") ? FINE : BEARINGS;
}

/* The lists of a row, on their way. */
struct lists {
	FILE *out[BEARINGS];
	char *text[BEARINGS];
	size_t len[BEARINGS];
};

static int lists_open(struct lists *l)
{
	*l = (struct lists){ 0 };
	for (int i = 0; i < BEARINGS; i++) {
		l->out[i] = open_memstream(&l->text[i], &l->len[i]);
		if (!l->out[i])
			return -ENOMEM;
	}
	return 0;
}

/* Into a row, if its name is given. */
static void lists_close(struct lists *l, struct table *t, const char *stack)
{
	for (int i = 0; i < BEARINGS; i++)
		if (l->out[i])
			fclose(l->out[i]);
	if (stack) {
		table_row(t);
		table_text(t, stack);
	}
	for (int i = 0; i < BEARINGS; i++) {
		if (stack)
			table_text(t, l->len[i] ? l->text[i] : "-");
		free(l->text[i]);
	}
}

/* "epoch", or where few kernels bear it that way "epoch (6.1, 6.2)". */
static void add_method(FILE *out, const char *method, const json_t *kernels)
{
	fprintf(out, "%s%s", ftell(out) ? ", " : "", method);
	if (!kernels)
		return;
	fputs(" (", out);
	group_put_rest(out, group_put_kernels(out, kernels, 0));
	fputc(')', out);
}

/* In each list that it belongs into; most kernels go without saying. */
static void list_method(struct lists *l, const char *method, const json_t *own,
			const char *plain)
{
	json_t *kernels = group_by_kernel(own), *of;
	json_t *in[BEARINGS + 1] = { NULL };
	const char *kernel;
	int most = 0;

	for (int i = 0; i <= BEARINGS; i++)
		in[i] = json_array();
	json_object_foreach (kernels, kernel, of)
		json_array_append_new(in[bearing_of(of, plain)],
				      json_string(kernel));
	for (int i = 0; i < BEARINGS; i++)
		if (json_array_size(in[i]) >= json_array_size(in[most]))
			most = i;
	for (int i = 0; i < BEARINGS; i++)
		if (json_array_size(in[i]))
			add_method(l->out[i], method, i == most ? NULL : in[i]);
	for (int i = 0; i <= BEARINGS; i++)
		json_decref(in[i]);
	json_decref(kernels);
}

static int add_stack(struct table *t, const struct hazard *h, const json_t *own)
{
	json_t *probes = group_by(own, "probe");
	json_t *methods = group_by(own, "method"), *of;
	const char *plain = json_object_iter_key(json_object_iter(probes));
	const char *method;
	struct lists lists;
	int err = lists_open(&lists);

	json_object_foreach (err || !plain ? NULL : methods, method, of)
		if (strcmp(method, "none"))
			list_method(&lists, method, of, plain);
	lists_close(&lists, t, err || !plain ? NULL : h->stack);
	json_decref(methods);
	json_decref(probes);
	return err;
}

json_t *overview_counts(const json_t *groups)
{
	json_t *all = json_array(), *kernels, *own;
	const char *kernel;

	for (unsigned int i = 0; i < hazard_cnt; i++) {
		kernels = group_kernels_of(groups, hazards[i]->name);
		json_object_foreach (kernels, kernel, own)
			add_counts(all, hazards[i], own);
		json_decref(kernels);
	}
	return all;
}

static struct table *new_stacks(void)
{
	struct table *t = table_new();

	table_column(t, "I have", "stack", TABLE_LEFT);
	for (int i = 0; i < BEARINGS; i++)
		table_column(t, bearings[i], bearings[i], TABLE_LEFT);
	return t;
}

int overview_stacks(const json_t *groups, struct table **table)
{
	struct table *t = NULL;
	int err = 0;

	for (unsigned int i = 0; !err && i < hazard_cnt; i++) {
		const struct hazard *h = hazards[i];
		const json_t *own = json_object_get(groups, h->name);

		if (!h->stack || !own)
			continue;
		if (!t)
			t = new_stacks();
		err = add_stack(t, h, own);
	}
	if (err) {
		table_free(t);
		t = NULL;
	}
	*table = t;
	return err;
}
