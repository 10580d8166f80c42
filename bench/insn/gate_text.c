// SPDX-License-Identifier: GPL-2.0-only
/*
 * gate_text.c - verdicts of the gate, for people to read.
 */
#include <inttypes.h>

#include "bench/lib/table.h"
#include "bench/lib/text.h"
#include "gate_format.h"
#include "gate_row.h"

static void add_number(struct table *t, int64_t value, bool sign, bool none)
{
	char text[32];

	if (none) {
		table_text(t, "-");
		return;
	}
	snprintf(text, sizeof(text), sign ? "%+" PRId64 : "%" PRId64, value);
	table_number(t, text, (double)value);
}

static const enum table_tone tones[GATE_OUTCOME_MAX] = {
	[GATE_BETTER] = TABLE_GOOD,
	[GATE_WORSE] = TABLE_BAD,
	[GATE_NEW] = TABLE_UNSURE,
	[GATE_MISSING] = TABLE_BAD,
};

/* What a variant costs more than stock, beside the baseline. */
static void fill_variants(struct table *t, const struct gate *g)
{
	char name[80];

	table_column(t, "fuse", "fuse", TABLE_LEFT);
	table_column(t, "operation", "operation", TABLE_LEFT);
	table_column(t, "insns", "insns", TABLE_RIGHT);
	table_column(t, "vs stock", "more_insns", TABLE_RIGHT);
	table_column(t, "baseline", "base_more_insns", TABLE_RIGHT);
	table_column(t, "tolerance", "tolerance_insns", TABLE_RIGHT);
	table_rank(t, TABLE_LESSER);
	table_column(t, "", "outcome", TABLE_LEFT);
	table_rank(t, TABLE_STAYS);
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];
		bool missing = row->outcome == GATE_MISSING;

		gate_row_name(row, name, sizeof(name));
		table_row(t);
		table_text(t, name);
		table_text(t, row->what);
		add_number(t, row->insns, false, missing);
		add_number(t, row->more, true, missing);
		add_number(t, row->base_more, true, row->outcome == GATE_NEW);
		add_number(t, row->tolerance, false, missing);
		table_text(t, gate_outcome_name(row->outcome));
		table_tone(t, tones[row->outcome]);
	}
}

/* What each operation takes in two kernels. */
static void fill_kernels(struct table *t, const struct gate *g)
{
	table_column(t, "operation", "operation", TABLE_LEFT);
	table_column(t, "base", "base_insns", TABLE_RIGHT);
	table_column(t, "new", "insns", TABLE_RIGHT);
	table_column(t, "change", "change_insns", TABLE_RIGHT);
	table_column(t, "tolerance", "tolerance_insns", TABLE_RIGHT);
	table_rank(t, TABLE_LESSER);
	table_column(t, "", "outcome", TABLE_LEFT);
	table_rank(t, TABLE_STAYS);
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];
		bool missing = row->outcome == GATE_MISSING;
		bool fresh = row->outcome == GATE_NEW;

		table_row(t);
		table_text(t, row->what);
		add_number(t, row->base_insns, false, fresh);
		add_number(t, row->insns, false, missing);
		add_number(t, row->insns - row->base_insns, true,
			   missing || fresh);
		add_number(t, row->tolerance, false, missing);
		table_text(t, fresh ? "only in new"
				    : gate_outcome_name(row->outcome));
		table_tone(t, tones[row->outcome]);
	}
}

static struct table *table_of(const struct gate *g)
{
	struct table *t = table_new();

	if (g->direct)
		fill_kernels(t, g);
	else
		fill_variants(t, g);
	return t;
}

/* "v8, traced, hit"; of two kernels "hit". */
static void print_title(FILE *out, const struct gate *g,
			const struct gate_row *row, const char *special)
{
	char name[80];

	if (!g->direct) {
		gate_row_name(row, name, sizeof(name));
		text_put(out, name, special);
		fputs(", ", out);
	}
	fputs(row->what, out);
}

/* Those of one outcome, each with the functions that moved. */
static void print_marked(FILE *out, const struct gate *g,
			 enum gate_outcome outcome)
{
	char text[160];

	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != outcome)
			continue;
		gate_row_text(g, row, text, sizeof(text));
		fputs("**", out);
		print_title(out, g, row, TEXT_MARKDOWN "*_");
		fprintf(out, "**: %s\n", text);
		if (json_object_size(row->functions)) {
			fputs("```\n", out);
			gate_print_functions(out, row->functions);
			fputs("```\n", out);
		}
		fputc('\n', out);
	}
}

/* What got worse or better, and where. */
static void print_reasons(FILE *out, const struct gate *g)
{
	char text[160];

	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != GATE_WORSE && row->outcome != GATE_BETTER)
			continue;
		gate_row_text(g, row, text, sizeof(text));
		fputc('\n', out);
		print_title(out, g, row, "");
		fprintf(out, ": %s\n", text);
		gate_print_functions(out, row->functions);
	}
}

/* What one side hasn't got: that isn't judged. */
static void print_unjudged(FILE *out, const struct gate *g,
			   enum gate_outcome outcome, const char *text)
{
	char name[80];

	if (g->outcome_cnt[outcome])
		fputc('\n', out);
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != outcome)
			continue;
		gate_row_name(row, name, sizeof(name));
		fprintf(out, "%s: %s %s\n", name, row->what, text);
	}
}

static void print_note(FILE *out, const struct gate *g)
{
	const char *note = gate_emulator_note(g);

	if (note)
		fprintf(out, "\n%s\n", note);
}

static void print_versions(FILE *out, const struct gate *g)
{
	const char *name;
	json_t *value;

	json_object_foreach (g->moved, name, value)
		fprintf(out, "\nMoved since the baseline: %s, '%s' -> '%s'.",
			name, json_string_value(json_array_get(value, 0)),
			json_string_value(json_array_get(value, 1)));
	if (json_object_size(g->moved))
		fputc('\n', out);
	if (!json_object_size(g->stock_moved))
		return;
	fprintf(out,
		"\nStock itself has moved, in all operations together%s:\n",
		json_object_size(g->moved)
			? ""
			: ", and none of the versions has (is it this tree's "
			  "own code?)");
	gate_print_functions(out, g->stock_moved);
}

int gate_print_text(FILE *out, const struct gate *g, bool exact)
{
	struct table *t = table_of(g);
	int ret = table_print_text(t, out);

	(void)exact;
	table_free(t);
	print_reasons(out, g);
	if (!g->direct) { /* their rows say it */
		print_unjudged(out, g, GATE_MISSING,
			       "isn't counted any more; it is in the baseline");
		print_unjudged(out, g, GATE_NEW,
			       "isn't in the baseline: record that again");
	}
	print_note(out, g);
	print_versions(out, g);
	return ret;
}

static void print_verdict(FILE *out, const struct gate *g, bool exact)
{
	size_t worse = g->outcome_cnt[GATE_WORSE];
	size_t missing = g->outcome_cnt[GATE_MISSING];
	size_t fresh = g->outcome_cnt[GATE_NEW];
	size_t cnt = g->cnt - missing - fresh;

	if (worse)
		fprintf(out, "### %zu of %zu operations cost more: WORSE",
			worse, cnt);
	else
		fprintf(out, "### %zu operations, none costs more", cnt);
	if (missing)
		fprintf(out, "; not counted any more: %zu", missing);
	if (fresh)
		fprintf(out, "; not in the baseline: %zu", fresh);
	if (missing || (fresh && !g->direct))
		fputs(worse ? "" : ": FAILED", out);
	else if (!worse && exact && gate_is_strange(g))
		fputs("; but stock has moved: FAILED", out);
	fputs("\n\n", out);
}

/* What changed first; the rest is folded away. */
int gate_print_markdown(FILE *out, const struct gate *g, bool exact)
{
	struct table *t = table_of(g);
	int ret;

	print_verdict(out, g, exact);
	if (gate_emulator_note(g))
		fprintf(out, "%s\n\n", gate_emulator_note(g));
	print_marked(out, g, GATE_WORSE);
	print_marked(out, g, GATE_BETTER);
	print_marked(out, g, GATE_MISSING);
	print_marked(out, g, GATE_NEW);
	fprintf(out, "<details><summary>All %zu operations</summary>\n\n",
		g->cnt);
	ret = table_print_markdown(t, out);
	table_free(t);
	if (json_object_size(g->moved) || json_object_size(g->stock_moved)) {
		fputs("\n```", out);
		print_versions(out, g);
		fputs("```\n", out);
	}
	fputs("\n</details>\n", out);
	return ret;
}
