// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_text.c - comparisons for people to read: tables, and the notes below
 * them.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/paragraph.h"
#include "bench/lib/table.h"
#include "bench/record/record_text.h"
#include "compare_cell.h"
#include "compare_format.h"

static struct table *new_table(void)
{
	static const struct {
		const char *title;
		enum table_align align;
		enum table_rank rank;
	} columns[] = {
		{ "case", TABLE_LEFT, TABLE_LEAST },
		{ "method", TABLE_LEFT, TABLE_USUAL },
		{ "shape", TABLE_LEFT, TABLE_LEAST },
		{ "names", TABLE_RIGHT, TABLE_USUAL },
		{ "phase", TABLE_LEFT, TABLE_USUAL },
		{ "base", TABLE_RIGHT, TABLE_USUAL },
		{ "new", TABLE_RIGHT, TABLE_USUAL },
		{ "change", TABLE_RIGHT, TABLE_STAYS },
		{ "from", TABLE_RIGHT, TABLE_LEAST },
		{ "to", TABLE_RIGHT, TABLE_LEAST },
		{ "floor", TABLE_RIGHT, TABLE_LESSER },
		{ "p", TABLE_RIGHT, TABLE_USUAL },
		{ "verdict", TABLE_LEFT, TABLE_STAYS },
	};
	struct table *t = table_new();

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		table_column(t, columns[i].title, columns[i].title,
			     columns[i].align);
		table_rank(t, columns[i].rank);
	}
	return t;
}

static void add_number(struct table *t, double value, enum unit unit)
{
	char text[UNITS_LEN];

	units_format(value, unit, text, sizeof(text));
	table_number(t, text, value);
}

static void add_row(struct table *t, const struct compare_cell *c)
{
	static const enum table_tone tones[VERDICT_MAX] = {
		[VERDICT_FASTER] = TABLE_GOOD,
		[VERDICT_SLOWER] = TABLE_BAD,
		[VERDICT_UNDECIDED] = TABLE_UNSURE,
	};
	const double change[] = { c->j.change.value, c->j.change.low,
				  c->j.change.high };
	enum unit unit = compare_cell_cost_unit(c);
	char text[UNITS_LEN];

	table_row(t);
	table_text(t, c->base->case_name);
	table_text(t, c->base->method);
	table_text(t, c->base->shape);
	add_number(t, (double)c->base->n, UNIT_NAMES);
	table_text(t, compare_cell_phase(c, text));
	add_number(t, c->j.base, unit);
	add_number(t, c->j.fresh, unit);
	for (size_t i = 0; i < 3; i++) {
		compare_change_text(change[i], text, sizeof(text));
		table_text(t, text);
	}
	compare_floor_text(c->j.floor, text, sizeof(text));
	table_text(t, text);
	snprintf(text, sizeof(text),
		 isnan(c->j.p_holm)	? "-"
		 : c->j.p_holm < 0.0001 ? "<0.0001"
					: "%.2g",
		 c->j.p_holm);
	table_text(t, text);
	table_text(t, verdict_name(c->j.verdict));
	table_tone(t, tones[c->j.verdict]);
}

/* Rows of all cells, or only of those that aren't the same. */
static struct table *table_of(const struct comparison *cmp, bool all)
{
	struct table *t = new_table();

	for (size_t i = 0; i < cmp->cnt; i++)
		if (all || cmp->cell[i].j.verdict != VERDICT_SAME)
			add_row(t, &cmp->cell[i]);
	return t;
}

static const char note[] =
	"base, new: medians.  change: of the medians, each sample held against "
	"its round first, so where rounds differ it may not be what the two "
	"beside it say; from, to: 95% of bootstrap resamples.  floor: how far "
	"base "
	"lies from base, measured again.  p: that chance alone did it, among "
	"all rows.  slower, faster: p below 1%, a change above the floor and "
	"1%, and medians that differ by a sign test, too.  same: 5% either way "
	"is ruled out.  _cpu: CPU time of driver "
	"and daemon.";

/* Why rows are undecided: each reason once. */
static void print_reasons(FILE *out, enum report_format format,
			  const struct comparison *cmp)
{
	char text[COMPARE_TEXT_LEN];

	for (size_t i = 0; i < cmp->cnt; i++) {
		const char *why = cmp->cell[i].j.why;
		size_t k = 0, cnt = 0;

		while (k < i && (!why || !cmp->cell[k].j.why ||
				 strcmp(why, cmp->cell[k].j.why)))
			k++;
		if (!why || k < i)
			continue;
		for (k = i; k < cmp->cnt; k++)
			cnt += cmp->cell[k].j.why &&
			       !strcmp(why, cmp->cell[k].j.why);
		snprintf(text, sizeof(text), "Undecided (%zu): %s.", cnt, why);
		paragraph_print(out, format, text);
	}
}

/* Rows whose rounds don't cancel, because some of a side are lost. */
static void print_lost_rounds(FILE *out, enum report_format format,
			      const struct comparison *cmp)
{
	char text[COMPARE_TEXT_LEN];
	size_t cnt = 0;

	for (size_t i = 0; i < cmp->cnt; i++)
		cnt += !cmp->cell[i].rounds;
	if (!cnt)
		return;
	snprintf(text, sizeof(text),
		 "No rounds (%zu): one side has more runs than the other, so "
		 "what a round shares doesn't cancel.",
		 cnt);
	paragraph_print(out, format, text);
}

/* Variants that have no numbers here, and why. */
static void print_gaps(FILE *out, enum report_format format,
		       const struct comparison *cmp)
{
	char path[COMPARE_TEXT_LEN];
	char text[COMPARE_TEXT_LEN + sizeof(cmp->gap->why) + 32];

	for (size_t i = 0; i < cmp->gap_cnt; i++) {
		const struct compare_gap *gap = &cmp->gap[i];

		compare_record_path(gap->rec, '/', path, sizeof(path));
		snprintf(text, sizeof(text), "%s: %s: %s.",
			 gap->failed ? "Failed" : "Not compared", path,
			 gap->why);
		paragraph_print(out, format, text);
	}
}

/* Both machines, or builds, in a line each. */
static int print_hosts(FILE *out, enum report_format format,
		       const struct comparison *cmp)
{
	const struct record *rec[2];
	int ret = 0;

	if (!cmp->cnt)
		return 0;
	rec[0] = cmp->cell[0].base;
	rec[1] = cmp->cell[0].fresh;
	for (int i = 0; !ret && i < 2; i++) {
		char *host = record_host_line(&rec[i]->host), *line = NULL;

		if (host &&
		    asprintf(&line, "%s: %zu runs, %s: %s.", i ? "New" : "Base",
			     rec[i]->sample_cnt, rec[i]->run_id, host) >= 0)
			paragraph_print(out, format, line);
		else
			ret = -ENOMEM;
		free(line);
		free(host);
	}
	return ret;
}

int compare_print_text(FILE *out, const struct comparison *cmp)
{
	struct table *t = table_of(cmp, true);
	char count[COMPARE_TEXT_LEN];
	int ret = table_print_text(t, out);

	table_free(t);
	fputc('\n', out);
	print_gaps(out, REPORT_TEXT, cmp);
	print_reasons(out, REPORT_TEXT, cmp);
	print_lost_rounds(out, REPORT_TEXT, cmp);
	paragraph_print(out, REPORT_TEXT, note);
	if (!ret)
		ret = print_hosts(out, REPORT_TEXT, cmp);
	compare_count_text(cmp, count, sizeof(count));
	fprintf(out, "%s\n", count);
	return ret;
}

/* What changed first; the rest is folded away. */
int compare_print_markdown(FILE *out, const struct comparison *cmp)
{
	bool news = cmp->verdict_cnt[VERDICT_SAME] < cmp->cnt;
	struct table *some = table_of(cmp, false), *all = table_of(cmp, true);
	char count[COMPARE_TEXT_LEN];
	int ret = 0;

	compare_count_text(cmp, count, sizeof(count));
	fprintf(out, "### %s: %s\n\n",
		cmp->verdict_cnt[VERDICT_SLOWER] ? "Slower"
		: cmp->failed || cmp->absent	 ? "Failed"
						 : "Not slower",
		count);
	if (news)
		ret = table_print_markdown(some, out);
	if (news)
		fputc('\n', out);
	print_gaps(out, REPORT_MARKDOWN, cmp);
	print_reasons(out, REPORT_MARKDOWN, cmp);
	print_lost_rounds(out, REPORT_MARKDOWN, cmp);
	fprintf(out, "<details><summary>All %zu numbers</summary>\n\n",
		cmp->cnt);
	if (!ret)
		ret = table_print_markdown(all, out);
	fputc('\n', out);
	paragraph_print(out, REPORT_MARKDOWN, note);
	if (!ret)
		ret = print_hosts(out, REPORT_MARKDOWN, cmp);
	fputs("</details>\n", out);
	table_free(some);
	table_free(all);
	return ret;
}
