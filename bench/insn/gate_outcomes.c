// SPDX-License-Identifier: GPL-2.0-only
/*
 * gate_outcomes.c - verdicts of the gate as tests, one per operation, and as
 * JSON.
 */
#include <errno.h>
#include <stdlib.h>

#include "gate_format.h"
#include "gate_row.h"
#include "bench/lib/outcomes.h"

/* Which functions moved, in lines; from malloc, or NULL. */
static char *functions_text(json_t *functions)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	gate_print_functions(out, functions);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static int add_row(struct outcomes *all, const struct gate *g,
		   const struct gate_row *row)
{
	static const enum outcome_end ends[GATE_OUTCOME_MAX] = {
		[GATE_WORSE] = OUTCOME_FAILED,
		[GATE_NEW] = OUTCOME_ERROR,
		[GATE_MISSING] = OUTCOME_ERROR,
	};
	struct outcome *o = outcomes_add(all);
	char name[80];

	if (!o)
		return -ENOMEM;
	o->end = gate_is_unknown(g, row) ? OUTCOME_SKIPPED : ends[row->outcome];
	o->kind = row->outcome == GATE_WORSE	 ? "worse"
		  : row->outcome == GATE_MISSING ? "missing"
		  : row->outcome == GATE_NEW	 ? "new"
						 : NULL;
	gate_row_name(row, name, sizeof(name));
	outcome_say(o->group, sizeof(o->group), "epochbench.gate");
	outcome_say(o->name, sizeof(o->name), "%s: %s", name, row->what);
	gate_row_text(g, row, o->why, sizeof(o->why));
	if (!json_object_size(row->functions))
		return 0;
	o->text = functions_text(row->functions);
	return o->text ? 0 : -ENOMEM;
}

/* It makes the exit status 1, so a test must fail as well. */
static int add_stock(struct outcomes *all, const struct gate *g)
{
	struct outcome *o = outcomes_add(all);

	if (!o)
		return -ENOMEM;
	o->end = OUTCOME_ERROR;
	o->kind = "moved";
	outcome_say(o->group, sizeof(o->group), "epochbench.gate");
	outcome_say(o->name, sizeof(o->name), "stock: all operations");
	outcome_say(o->why, sizeof(o->why),
		    "stock has moved although no version has");
	o->text = functions_text(g->stock_moved);
	return o->text ? 0 : -ENOMEM;
}

/* No test of ours, but whoever reads a failure must know. */
static int add_note(struct outcomes *all, const char *note)
{
	struct outcome *o = outcomes_add(all);

	if (!o)
		return -ENOMEM;
	o->end = OUTCOME_SKIPPED;
	outcome_say(o->group, sizeof(o->group), "epochbench.gate");
	outcome_say(o->name, sizeof(o->name), "emulator");
	outcome_say(o->why, sizeof(o->why), "%s", note);
	return 0;
}

static int print(FILE *out, const struct gate *g, bool exact,
		 int (*form)(FILE *, const struct outcomes *))
{
	struct outcomes all = { .suite = "epochbench gate" };
	int ret = 0;

	for (size_t i = 0; !ret && i < g->cnt; i++)
		ret = add_row(&all, g, &g->row[i]);
	if (!ret && exact && gate_is_strange(g))
		ret = add_stock(&all, g);
	if (!ret && gate_emulator_note(g))
		ret = add_note(&all, gate_emulator_note(g));
	if (!ret)
		ret = form(out, &all);
	outcomes_free(&all);
	return ret;
}

int gate_print_junit(FILE *out, const struct gate *g, bool exact)
{
	return print(out, g, exact, outcomes_print_junit);
}

int gate_print_ktap(FILE *out, const struct gate *g, bool exact)
{
	return print(out, g, exact, outcomes_print_ktap);
}

/* null where that side was not counted. */
static json_t *number(int64_t value, bool there)
{
	return there ? json_integer(value) : json_null();
}

static json_t *row_json(const struct gate_row *row)
{
	bool now = row->outcome != GATE_MISSING;
	bool base = row->outcome != GATE_NEW;
	static const char *const names[GATE_OUTCOME_MAX] = {
		[GATE_SAME] = "same",	    [GATE_BETTER] = "better",
		[GATE_WORSE] = "worse",	    [GATE_NEW] = "new",
		[GATE_MISSING] = "missing",
	};

	return json_pack(
		"{s:s,s:b,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:O?}", "fuse",
		row->variant, "traced", row->traced, "operation", row->what,
		"insns", number(row->insns, now), "more_insns",
		number(row->more, now), "base_insns",
		number(row->base_insns, base), "base_more_insns",
		number(row->base_more, base), "tolerance_insns",
		number(row->tolerance, now), "upper_more_insns",
		number(row->upper_more, row->has_upper),
		"base_upper_more_insns",
		number(row->base_upper_more, row->has_upper), "outcome",
		names[row->outcome], "functions", row->functions);
}

int gate_print_json(FILE *out, const struct gate *g, bool exact)
{
	json_t *rows = json_array(), *all;
	int ret = 0;

	(void)exact;
	for (size_t i = 0; i < g->cnt; i++)
		ret |= json_array_append_new(rows, row_json(&g->row[i]));
	all = json_pack("{s:i,s:o,s:O,s:O}", "schema", 1, "operations", rows,
			"moved", g->moved, "stock_moved", g->stock_moved);
	if (!all || ret) {
		json_decref(all);
		return -ENOMEM;
	}
	if (json_dumpf(all, out, JSON_INDENT(2)))
		ret = ferror(out) ? 0 : -ENOMEM;
	fputc('\n', out);
	json_decref(all);
	return ret;
}
