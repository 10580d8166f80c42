// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_lines.c - comparisons in the forms that other tools read line by line.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "compare_cell.h"
#include "compare_format.h"

/* These forms hold numbers only; who reads them would think that is all. */
static void tell_gaps(const char *form, const struct comparison *cmp)
{
	char path[COMPARE_TEXT_LEN];

	for (size_t i = 0; i < cmp->gap_cnt; i++) {
		compare_record_path(cmp->gap[i].rec, '/', path, sizeof(path));
		fprintf(stderr,
			"epochbench: compare: not in the %s, numbers "
			"only: %s (%s)\n",
			form, path, cmp->gap[i].failed ? "failed" : "skipped");
	}
}

/* A blank would end the name. */
static void put_name(FILE *out, const char *key, const char *name)
{
	fputs(key, out);
	for (; *name; name++)
		fputc(*name == ' ' ? '_' : *name, out);
}

/* An "operation" is the whole phase. */
static void print_benchmarks(FILE *out, const struct compare_cell *c,
			     const struct record *rec)
{
	const struct record *r = c->base;
	char phase[COMPARE_PHASE_LEN];
	uint64_t cost;

	for (size_t i = 0; rec && i < rec->sample_cnt; i++) {
		if (!compare_cost(c, rec, i, &cost))
			continue;
		fprintf(out, "Benchmark%c",
			toupper((unsigned char)r->case_name[0]));
		put_name(out, "", r->case_name + 1);
		put_name(out, "/method=", r->method);
		put_name(out, "/shape=", r->shape);
		fprintf(out, "/names=%llu", (unsigned long long)r->n);
		put_name(out, "/populate=", r->populate);
		fprintf(out, "/threads=%u/phase=%s\t1\t%llu %s/op\n",
			r->threads, compare_cell_phase(c, phase),
			(unsigned long long)cost, compare_cell_unit(c));
	}
}

/*
 * https://golang.org/design/14313-benchmark-format: "key: value" lines hold for
 * the results below, so that `benchstat -col side` puts the sides beside each
 * other and makes a test of its own.
 */
int compare_print_gobench(FILE *out, const struct comparison *cmp)
{
	tell_gaps("Go benchmarks", cmp);
	if (!cmp->cnt)
		return 0;
	fprintf(out, "goos: linux\ngoarch: %s\ncpu: %s\nside: base\n",
		cmp->cell[0].base->host.arch,
		cmp->cell[0].base->host.cpu_model);
	for (size_t i = 0; i < cmp->cnt; i++) {
		print_benchmarks(out, &cmp->cell[i], cmp->cell[i].base);
		print_benchmarks(out, &cmp->cell[i], cmp->cell[i].again);
	}
	fputs("side: new\n", out);
	for (size_t i = 0; i < cmp->cnt; i++)
		print_benchmarks(out, &cmp->cell[i], cmp->cell[i].fresh);
	return 0;
}

/* Names and versions hold no quotes; a comma in one must not end its cell. */
static void print_csv_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fputc(*text == '"' ? '\'' : *text, out);
	fputc('"', out);
}

/* Did both sides reach that phase? */
static bool has_numbers(const struct compare_cell *c)
{
	return isfinite(c->j.base) && isfinite(c->j.fresh);
}

static void print_otava_row(FILE *out, const struct comparison *cmp, bool fresh)
{
	const struct record *rec =
		fresh ? cmp->cell[0].fresh : cmp->cell[0].base;
	time_t at = 0;
	char text[32];

	compare_run_time(rec, &at);
	at += fresh; /* both of one session: new comes after base */
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S +0000", gmtime(&at));
	fprintf(out, "%s,%s,", text, fresh ? "new" : "base");
	print_csv_text(out, rec->host.bench);
	fputc(',', out);
	print_csv_text(out, rec->host.kernel);
	fputc(',', out);
	print_csv_text(out, rec->host.fuse);
	for (size_t i = 0; i < cmp->cnt; i++)
		if (has_numbers(&cmp->cell[i]))
			fprintf(out, ",%.0f",
				fresh ? cmp->cell[i].j.fresh
				      : cmp->cell[i].j.base);
	fputc('\n', out);
}

/*
 * https://github.com/apache/otava/blob/master/docs/CSV.md: a time column, then
 * attributes (side, bench, kernel, fuse), then metrics: medians here.  Otava
 * wants a long series: add the last row of each comparison to one file.
 */
int compare_print_otava(FILE *out, const struct comparison *cmp)
{
	char path[COMPARE_TEXT_LEN];

	tell_gaps("CSV", cmp);
	if (!cmp->cnt)
		return 0;
	fputs("time,side,bench,kernel,fuse", out);
	for (size_t i = 0; i < cmp->cnt; i++) {
		compare_cell_path(&cmp->cell[i], '.', path, sizeof(path));
		if (has_numbers(&cmp->cell[i]))
			fprintf(out, ",%s", path);
		else
			fprintf(stderr,
				"epochbench: compare: not in the CSV: %s (no "
				"samples)\n",
				path);
	}
	fputc('\n', out);
	print_otava_row(out, cmp, false);
	print_otava_row(out, cmp, true);
	return 0;
}
