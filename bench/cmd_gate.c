// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_gate.c - `epochbench gate`: instruction counts against a baseline.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "gate.h"
#include "table.h"

#define EXIT_UNUSABLE 2
#define EXIT_REGRESSION 3
/* Functions that are named for one operation. */
#define CULPRITS_MAX 12

struct options {
	bool exact;
	char *file[2];
	unsigned int file_cnt;
};

static const struct argp_option options[] = {
	{ "exact", 'e', NULL, 0,
	  "fail (1), too, if stock doesn't take what it took in BASE although "
	  "no "
	  "version has moved",
	  0 },
	{ "help", 'h', NULL, 0, "Show this help", -1 },
	{ 0 }
};

static const char doc[] =
	"Judge instruction counts: does a variant of fuse.ko, in any "
	"operation, "
	"cost more on top of stock than in BASE?  Then say in which functions. "
	" "
	"Runs nothing: scripts/regress-insns counts."
	"\v"
	"Examples:\n"
	"  epochbench gate results/baseline/insns.jsonl new.jsonl\n"
	"  epochbench gate --exact old.jsonl new.jsonl\n"
	"\n"
	"Exit status: 0 same or better; 1 failed, or an operation of BASE "
	"isn't "
	"counted any more; 2 unusable input; 3 regression.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'e':
		o->exact = true;
		return 0;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case ARGP_KEY_ARG:
		if (o->file_cnt == 2)
			argp_error(state, "too many files");
		o->file[o->file_cnt++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->file_cnt < 2)
			argp_error(state, "BASE and NEW are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *outcome_name(enum gate_outcome outcome)
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

static void print_rows(const struct gate *g)
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
		table_text(t, outcome_name(row->outcome));
	}
	table_print_text(t, stdout);
	table_free(t);
}

struct part {
	const char *name;
	int64_t insns;
};

static int most_first(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (llabs(x->insns) != llabs(y->insns))
		return llabs(x->insns) < llabs(y->insns) ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* "  +4  fuse_dentry_revalidate [fuse]", the largest first. */
static void print_functions(json_t *functions)
{
	size_t cnt = json_object_size(functions), i = 0;
	struct part *part = calloc(cnt + 1, sizeof(*part));
	int64_t rest = 0;
	const char *name;
	json_t *value;

	json_object_foreach (functions, name, value)
		if (part)
			part[i++] = (struct part){ name,
						   json_integer_value(value) };
	if (part)
		qsort(part, i, sizeof(*part), most_first);
	for (size_t k = 0; k < i; k++) {
		if (k < CULPRITS_MAX)
			printf("%+8" PRId64 "  %s\n", part[k].insns,
			       part[k].name);
		else
			rest += part[k].insns;
	}
	if (cnt > CULPRITS_MAX)
		printf("%+8" PRId64 "  in %zu others\n", rest,
		       cnt - CULPRITS_MAX);
	free(part);
}

/* What got worse or better, and where. */
static void print_reasons(const struct gate *g)
{
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome != GATE_WORSE && row->outcome != GATE_BETTER)
			continue;
		printf("\n%s%s, %s: %+" PRId64 " instructions more than stock, "
		       "%+" PRId64 " in the baseline: %s by %" PRId64 "\n",
		       row->variant, row->traced ? ", traced" : "", row->what,
		       row->more, row->base_more,
		       row->outcome == GATE_WORSE ? "WORSE" : "better",
		       row->outcome == GATE_WORSE ? row->more - row->base_more
						  : row->base_more - row->more);
		print_functions(row->functions);
	}
}

static void print_missing(const struct gate *g)
{
	if (g->outcome_cnt[GATE_MISSING])
		putchar('\n');
	for (size_t i = 0; i < g->cnt; i++) {
		const struct gate_row *row = &g->row[i];

		if (row->outcome == GATE_MISSING)
			printf("%s%s: %s isn't counted any more; it is in the "
			       "baseline\n",
			       row->variant, row->traced ? ", traced" : "",
			       row->what);
	}
}

/* Returns whether stock has moved although no version has. */
static bool print_versions(const struct gate *g)
{
	const char *name;
	json_t *value;

	json_object_foreach (g->moved, name, value)
		printf("\nMoved since the baseline: %s, '%s' -> '%s'.", name,
		       json_string_value(json_array_get(value, 0)),
		       json_string_value(json_array_get(value, 1)));
	if (json_object_size(g->moved))
		putchar('\n');
	if (!json_object_size(g->stock_moved))
		return false;
	printf("\nStock itself has moved, in all operations together%s:\n",
	       json_object_size(g->moved)
		       ? ""
		       : ", and none of the versions has (is it this tree's "
			 "own code?)");
	print_functions(g->stock_moved);
	return !json_object_size(g->moved);
}

int cmd_gate(int argc, char **argv)
{
	const struct argp argp = { options, parse_option, "BASE NEW", doc,
				   NULL,    NULL,	  NULL };
	struct options o = { 0 };
	json_t *base = NULL, *now = NULL;
	char err[512];
	struct gate g;
	bool strange;
	int ret;

	argv[0] = "epochbench gate";
	argp_err_exit_status = EXIT_UNUSABLE;
	if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &o))
		return EXIT_UNUSABLE;
	base = gate_read(o.file[0], err, sizeof(err));
	if (base)
		now = gate_read(o.file[1], err, sizeof(err));
	if (!now || gate_judge(&g, base, now, err, sizeof(err))) {
		fprintf(stderr, "epochbench: gate: %s\n", err);
		json_decref(base);
		json_decref(now);
		return EXIT_UNUSABLE;
	}
	print_rows(&g);
	print_reasons(&g);
	print_missing(&g);
	strange = print_versions(&g);
	ret = g.outcome_cnt[GATE_WORSE]	    ? EXIT_REGRESSION
	      : g.outcome_cnt[GATE_MISSING] ? EXIT_FAILURE
					    : strange && o.exact;
	gate_free(&g);
	json_decref(base);
	json_decref(now);
	if (fflush(stdout) || ferror(stdout))
		return EXIT_FAILURE;
	return ret;
}
