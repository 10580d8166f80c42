// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_insns.c - instructions per operation, from kernel to kernel, or from one
 * variant of fuse.ko to the other.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "section.h"

/* A file of measurements, by two labels, each in the order of appearance. */
struct counts {
	bool by_kernel; /* there are several; else by variant of fuse.ko */
	json_t *columns; /* kernel or variant: null */
	json_t *operations; /* operation to column to instructions */
};

static const char *text_of(const json_t *m, const char *key)
{
	const char *text = json_string_value(json_object_get(m, key));

	return text ? text : "";
}

/* "6.12.117" of "6.12.117+deb13-amd64", or "hardened" of "hardened 20b7722c". */
static json_t *column_of(const struct counts *c, const json_t *m)
{
	const char *text = text_of(m, c->by_kernel ? "kernel" : "fuse");

	return json_stringn(text, strcspn(text, c->by_kernel ? "+-" : " "));
}

static json_t *operation_of(const json_t *m)
{
	const char *phase = text_of(m, "phase"), *tracer = text_of(m, "tracer");
	bool notify = !strcmp(phase, "notify");

	return json_sprintf("%s%s%s%s", notify ? text_of(m, "method") : phase,
			    notify ? ": message" : "", *tracer ? ", by " : "",
			    tracer);
}

/* What isn't an operation of anybody. */
static bool is_drawn(const json_t *m)
{
	const char *phase = text_of(m, "phase");

	return *phase && strcmp(phase, "umount") && strcmp(phase, "reclaim");
}

static void add(struct counts *c, const json_t *m)
{
	json_t *column = column_of(c, m), *operation = operation_of(m), *of;
	const char *name = json_string_value(operation);

	if (column && name) {
		of = json_object_get(c->operations, name);
		if (!of)
			json_object_set_new(c->operations, name, json_object());
		of = json_object_get(c->operations, name);
		json_object_set(of, json_string_value(column),
				json_object_get(m, "insns"));
		json_object_set_new(c->columns, json_string_value(column),
				    json_null());
	}
	json_decref(column);
	json_decref(operation);
}

static void counts_get(const json_t *file, struct counts *c)
{
	json_t *kernels = json_object();
	const json_t *m;
	size_t i;

	json_array_foreach (file, i, m)
		json_object_set_new(kernels, text_of(m, "kernel"), json_null());
	*c = (struct counts){ .by_kernel = json_object_size(kernels) > 1,
			      .columns = json_object(),
			      .operations = json_object() };
	json_array_foreach (file, i, m)
		if (is_drawn(m))
			add(c, m);
	json_decref(kernels);
}

static void counts_free(struct counts *c)
{
	json_decref(c->columns);
	json_decref(c->operations);
}

static struct table *table_of(const struct counts *c)
{
	struct table *t = table_new();
	const char *name, *column;
	json_t *of, *unused;

	table_column(t, "operation", "operation", TABLE_LEFT);
	json_object_foreach (c->columns, column, unused)
		table_column(t, column, column, TABLE_RIGHT);
	json_object_foreach (c->operations, name, of) {
		table_row(t);
		table_text(t, name);
		json_object_foreach (c->columns, column, unused) {
			const json_t *insns = json_object_get(of, column);

			part_number(t, insns ? json_number_value(insns) : NAN,
				    UNIT_CNT);
		}
	}
	return t;
}

/* Against the first column that has the operation; traced ones are in the table. */
static struct figure *lines_of(const struct counts *c)
{
	const struct figure_axis x = { c->by_kernel ? "Linux"
						    : "variant of fuse.ko",
				       UNIT_CNT, false, NAN };
	const struct figure_axis y = { "instructions, % of the first", UNIT_PCT,
				       false, NAN };
	struct figure *f = figure_new(FIGURE_LINES, &x, &y);
	const char *name, *column;
	json_t *of, *unused;
	double at = 0;

	json_object_foreach (c->columns, column, unused)
		figure_tic(f, at++, column);
	json_object_foreach (c->operations, name, of) {
		double first = 0;

		if (strstr(name, ", by "))
			continue;
		figure_line(f, name);
		at = 0;
		json_object_foreach (c->columns, column, unused) {
			double insns =
				json_number_value(json_object_get(of, column));

			if (!(first > 0))
				first = insns;
			if (insns > 0)
				figure_point(f, at, 100 * insns / first);
			at++;
		}
	}
	return f;
}

/* The operation that has changed most between the first and the last. */
static void say(const struct counts *c, FILE *out)
{
	const char *name, *column, *worst = NULL;
	double worst_first = 0, worst_last = 0;
	json_t *of, *unused;

	json_object_foreach (c->operations, name, of) {
		double first = 0, last = 0;

		json_object_foreach (c->columns, column, unused) {
			double insns =
				json_number_value(json_object_get(of, column));

			if (!(first > 0))
				first = insns;
			if (insns > 0)
				last = insns;
		}
		if (first > 0 && !strstr(name, ", by ") &&
		    (!worst || fabs(log(last / first)) >
				       fabs(log(worst_last / worst_first)))) {
			worst = name;
			worst_first = first;
			worst_last = last;
		}
	}
	if (worst)
		fprintf(out,
			"From the first to the last, %s has changed most: from "
			"%.0f to %.0f instructions (%+.0f%%).  Counts have no "
			"noise, and aren't time.",
			worst, worst_first, worst_last,
			100 * (worst_last / worst_first - 1));
}

static void say_title(const struct counts *c, const json_t *file, FILE *out)
{
	if (c->by_kernel)
		fputs("From kernel to kernel", out);
	else
		fprintf(out, "From variant to variant of fuse.ko, Linux %s",
			text_of(json_array_get(file, 0), "kernel"));
}

static void say_columns(const struct counts *c, FILE *out)
{
	const char *column, *sep = "";
	json_t *unused;

	json_object_foreach (c->columns, column, unused) {
		fprintf(out, "%s%s", sep, column);
		sep = ", ";
	}
}

static int print_file(const json_t *file, FILE *out)
{
	struct counts c;
	struct part p;

	if (part_begin(&p))
		return -ENOMEM;
	counts_get(file, &c);
	say_title(&c, file, p.title.out);
	say(&c, p.caption.out);
	fputs(c.by_kernel ? "scripts/insns-matrix -o FILE.jsonl"
			  : "scripts/regress-insns -o FILE.jsonl",
	      p.command.out);
	p.figure = lines_of(&c);
	p.table = table_of(&c);
	counts_free(&c);
	return part_end(&p, out);
}

/* Which has most columns, so shows most. */
static size_t widest_of(const json_t *files)
{
	size_t widest = 0, most = 0, i;
	const json_t *file;

	json_array_foreach (files, i, file) {
		struct counts c;

		counts_get(file, &c);
		if (json_object_size(c.columns) > most) {
			most = json_object_size(c.columns);
			widest = i;
		}
		counts_free(&c);
	}
	return widest;
}

static int print_folded(const json_t *file, FILE *out)
{
	struct words summary;
	struct counts c;
	int ret = words_open(&summary);

	if (ret)
		return ret;
	counts_get(file, &c);
	say_title(&c, file, summary.out);
	fputs(": ", summary.out);
	say_columns(&c, summary.out);
	counts_free(&c);
	ret = words_close(&summary);
	if (!ret) {
		part_fold(summary.text, out);
		ret = print_file(file, out);
		part_fold_end(out);
	}
	free(summary.text);
	return ret;
}

static int print(const struct html_records *all, FILE *out)
{
	size_t widest = widest_of(all->insns), i;
	const json_t *file = json_array_get(all->insns, widest);
	int ret = json_array_size(file) ? print_file(file, out) : 0;

	json_array_foreach (all->insns, i, file)
		if (!ret && i != widest && json_array_size(file))
			ret = print_folded(file, out);
	return ret;
}

static const struct html_section section = {
	.order = 50,
	.id = "insns",
	.title = "Instructions per operation",
	.print = print,
};

HTML_SECTION(section_insns, section);
