// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_gate.c - `epochbench gate`: instruction counts against a baseline.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "bench/insn/gate_format.h"
#include "bench/insn/gate_row.h"
#include "bench/lib/forms.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"

struct options {
	struct forms forms;
	bool exact, direct;
	char *file[2];
	unsigned int file_cnt;
};

enum { OPT_DIRECT = 256 };

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT[=FILE]", 0,
	  "Print in this form (text), or write that to FILE, too; may be "
	  "repeated",
	  0 },
	{ "json", 'j', NULL, 0, "The same as -f json", 0 },
	{ "exact", 'e', NULL, 0,
	  "Fail (1), too, if stock doesn't take what it took in BASE although "
	  "no version has moved",
	  0 },
	{ "direct", OPT_DIRECT, NULL, 0,
	  "Compare each operation with what it took in BASE, not with stock: "
	  "two "
	  "kernels.  What only NEW can is said, and no failure",
	  0 },
	{ 0 }
};

static const char doc[] =
	"Judges instruction counts: does a variant of fuse.ko, in any "
	"operation, "
	"cost more on top of stock than in BASE?  Then says in which "
	"functions. "
	" "
	"Runs nothing: regress-insns of the suite counts."
	"\v"
	"Examples:\n"
	"  epochbench gate base.jsonl new.jsonl\n"
	"  epochbench gate --exact old.jsonl new.jsonl\n"
	"  epochbench gate -f markdown=gate.md old.jsonl new.jsonl\n"
	"\n"
	"Exit status: 0 same or better; 1 failed, or an operation is "
	"in BASE or in NEW only; 2 unusable input; 3 regression.";

static const char *format_name(size_t i)
{
	return gate_formats[i].name;
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case 'f':
		return options_list(text, format_name);
	default:
		return (char *)text;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		arg = (char *)"json";
		/* fallthrough */
	case 'f':
		forms_parse(&o->forms, state, arg, format_name);
		return 0;
	case 'e':
		o->exact = true;
		return 0;
	case OPT_DIRECT:
		o->direct = true;
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

struct judged {
	const struct options *options;
	const struct gate *gate;
};

static int print(FILE *out, size_t form, const void *arg)
{
	const struct judged *j = arg;

	return gate_formats[form].print(out, j->gate, j->options->exact);
}

/* Returns the exit status: what was judged. */
static int tell(const struct options *o, const struct gate *g)
{
	const struct judged j = { o, g };

	int ret = forms_print(&o->forms, "epochbench: gate", print, &j);

	if (ret)
		return ret;
	if (g->outcome_cnt[GATE_WORSE])
		return STATUS_REGRESSION;
	if (g->outcome_cnt[GATE_MISSING] ||
	    (g->outcome_cnt[GATE_NEW] && !g->direct) ||
	    (o->exact && gate_is_strange(g)))
		return STATUS_FAILED;
	return STATUS_OK;
}

int cmd_gate(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "BASE NEW",
				   .doc = doc,
				   .children = view_options,
				   .help_filter = add_names };
	struct options o = { 0 };
	json_t *base = NULL, *now = NULL;
	char err[512];
	struct gate g;
	int ret;

	options_parse(&argp, argc, argv, &o);
	base = gate_read(o.file[0], err, sizeof(err));
	if (base)
		now = gate_read(o.file[1], err, sizeof(err));
	if (!now || gate_judge(&g, base, now, o.direct, err, sizeof(err))) {
		fprintf(stderr, "epochbench: gate: %s\n", err);
		json_decref(base);
		json_decref(now);
		return STATUS_USAGE;
	}
	ret = tell(&o, &g);
	gate_free(&g);
	json_decref(base);
	json_decref(now);
	return ret;
}
