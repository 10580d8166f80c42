// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "gate_format.h"
#include "bench/lib/table.h"

/* Functions that are named for one operation. */
#define CULPRITS_MAX 12

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const names[] = {
		[GATE_SAME] = "same",	    [GATE_BETTER] = "better",
		[GATE_WORSE] = "WORSE",	    [GATE_NEW] = "not in the baseline",
		[GATE_MISSING] = "MISSING",
	};

	return names[outcome];
}

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

static struct table *table_of(const struct gate *g)
{
	struct table *t = table_new();
	char name[80];

	table_column(t, "fuse", "fuse", TABLE_LEFT);
	table_column(t, "operation", "operation", TABLE_LEFT);
	table_column(t, "insns", "insns", TABLE_RIGHT);
	table_column(t, "vs stock", "more_insns", TABLE_RIGHT);
	table_column(t, "baseline", "base_more_insns", TABLE_RIGHT);
	table_column(t, "tolerance", "tolerance_insns", TABLE_RIGHT);
	table_column(t, "", "outcome", TABLE_LEFT);
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];
		bool missing = row->outcome == GATE_MISSING;

		snprintf(name, sizeof(name), "%s%s", row->variant,
			 row->traced ? ", traced" : "");
		table_row(t);
		table_text(t, name);
		table_text(t, row->what);
		add_number(t, row->insns, false, missing);
		add_number(t, row->more, true, missing);
		add_number(t, row->base_more, true, row->outcome == GATE_NEW);
		add_number(t, row->tolerance, false, missing);
		table_text(t, gate_outcome_name(row->outcome));
	}
	return t;
}

/* "  +4  fuse_dentry_revalidate [fuse]", the largest first. */
void gate_print_functions(FILE *out, json_t *functions)
{
	size_t cnt;
	struct function_insns *all = functions_sorted(functions, &cnt);
	int64_t rest = 0;

	for (size_t i = 0; i < cnt; i++) {
		if (i < CULPRITS_MAX)
			fprintf(out, "%+8" PRId64 "  %s\n", all[i].insns,
				all[i].name);
		else
			rest += all[i].insns;
	}
	if (cnt > CULPRITS_MAX)
		fprintf(out, "%+8" PRId64 "  in %zu others\n", rest,
			cnt - CULPRITS_MAX);
	free(all);
}

void gate_row_name(const struct gate_row *row, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s", row->variant, row->traced ? ", traced" : "");
}

void gate_row_text(const struct gate_row *row, char *buf, size_t len)
{
	int64_t by = llabs(row->more - row->base_more);
	int used =
		snprintf(buf, len, "%+" PRId64 " instructions more than stock",
			 row->more);

	if (row->outcome == GATE_MISSING)
		snprintf(buf, len,
			 "isn't counted any more; it is in the baseline");
	else if (row->outcome == GATE_NEW)
		snprintf(buf + used, len - used, ", not in the baseline");
	else if (row->outcome == GATE_SAME)
		snprintf(buf + used, len - used,
			 ", %+" PRId64 " in the baseline: same",
			 row->base_more);
	else
		snprintf(buf + used, len - used,
			 ", %+" PRId64 " in the baseline: %s by %" PRId64,
			 row->base_more, gate_outcome_name(row->outcome), by);
}

/* Those of one outcome, each with the functions that moved. */
static void print_marked(FILE *out, const struct gate *g,
			 enum gate_outcome outcome)
{
	char name[80], text[160];

	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != outcome)
			continue;
		gate_row_name(row, name, sizeof(name));
		gate_row_text(row, text, sizeof(text));
		fprintf(out, "**%s, %s**: %s\n", name, row->what, text);
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
	char name[80], text[160];

	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != GATE_WORSE && row->outcome != GATE_BETTER)
			continue;
		gate_row_name(row, name, sizeof(name));
		gate_row_text(row, text, sizeof(text));
		fprintf(out, "\n%s, %s: %s\n", name, row->what, text);
		gate_print_functions(out, row->functions);
	}
}

static void print_missing(FILE *out, const struct gate *g)
{
	if (g->outcome_cnt[GATE_MISSING])
		fputc('\n', out);
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome == GATE_MISSING)
			fprintf(out,
				"%s%s: %s isn't counted any more; it is in the "
				"baseline\n",
				row->variant, row->traced ? ", traced" : "",
				row->what);
	}
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

bool gate_is_strange(const struct gate *g)
{
	return json_object_size(g->stock_moved) && !json_object_size(g->moved);
}

static int print_text(FILE *out, const struct gate *g, bool exact)
{
	struct table *t = table_of(g);
	int ret = table_print_text(t, out);

	(void)exact;
	table_free(t);
	print_reasons(out, g);
	print_missing(out, g);
	print_versions(out, g);
	return ret;
}

static void print_verdict(FILE *out, const struct gate *g, bool exact)
{
	size_t worse = g->outcome_cnt[GATE_WORSE];
	size_t missing = g->outcome_cnt[GATE_MISSING];
	size_t cnt = g->cnt - missing;

	if (worse)
		fprintf(out, "### %zu of %zu operations cost more: WORSE",
			worse, cnt);
	else
		fprintf(out, "### %zu operations, none costs more", cnt);
	if (missing)
		fprintf(out, "; not counted any more: %zu%s", missing,
			worse ? "" : ": FAILED");
	else if (!worse && exact && gate_is_strange(g))
		fputs("; but stock has moved: FAILED", out);
	fputs("\n\n", out);
}

/* What changed first; the rest is folded away. */
static int print_markdown(FILE *out, const struct gate *g, bool exact)
{
	struct table *t = table_of(g);
	int ret;

	print_verdict(out, g, exact);
	print_marked(out, g, GATE_WORSE);
	print_marked(out, g, GATE_BETTER);
	print_marked(out, g, GATE_MISSING);
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

const struct gate_format gate_formats[] = {
	{ "text", print_text },	       { "markdown", print_markdown },
	{ "junit", gate_print_junit }, { "ktap", gate_print_ktap },
	{ "json", gate_print_json },   { NULL, NULL },
};

const struct gate_format *gate_format_by_name(const char *name)
{
	for (const struct gate_format *f = gate_formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}
