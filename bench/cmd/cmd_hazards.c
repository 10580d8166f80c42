// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_hazards.c - `epochbench hazards`: what each method does on this kernel,
 * and what it breaks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "names.h"
#include "bench/hazards/methods.h"
#include "bench/hazards/options.h"
#include "bench/hazards/page.h"
#include "bench/hazards/cells.h"
#include "bench/hazards/records.h"
#include "bench/hazards/try.h"
#include "bench/host/child.h"
#include "bench/host/sweep.h"
#include "bench/lib/json_lines.h"
#include "bench/lib/output.h"
#include "bench/lib/sizes.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"

#define PATIENCE_MAX_S 60
#define NAMES_MAX 4000000 /* the server has no more nodes */

enum { OPT_ONLY = 256, OPT_PATIENCE, OPT_PREFIX };

struct options {
	struct try_plan plan;
	enum report_format format;
	const char *output;
	char **files;
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "method", 'm', "METHOD,...", 0, "Methods (all)", 1 },
	{ "only", OPT_ONLY, "HAZARD,...", 0, "Hazards (all)", 1 },
	{ "names", 'n', "N,...", 0,
	  "Names in the trees of \"stall\" (1k,10k,30k), or none", 1 },
	{ "patience", OPT_PATIENCE, "TIME", 0,
	  "How long both sides must hang to be a deadlock (300ms)", 1 },
	{ "output", 'o', "FILE", 0,
	  "Write the records to FILE, as JSON Lines; - is stdout", 2 },
	{ "prefix", OPT_PREFIX, "TEXT", 0,
	  "What the commands in the records begin with, such as \"vm "
	  "--fuse v8 -- \"",
	  2 },
	{ "format", 'f', "FORMAT", 0, "Print in this form (text)", 2 },
	{ "json", 'j', NULL, 0, "The same as -f json", 2 },
	{ 0 }
};

static const char doc[] =
	"Tries on the running kernel what each method makes the next access "
	"ask of the daemon, and what it breaks: submounts, overlays, watches, "
	"races, deadlocks, stalls, files in use.  Every cell is measured.  "
	"Deadlocks are ended "
	"by aborting the connection, and nothing is left behind.  With FILEs: "
	"tries nothing, prints the tables of their records, or of those that "
	"-m and --only name."
	"\v"
	"Examples:\n"
	"  epochbench hazards\n"
	"  epochbench hazards --only submount -m epoch\n"
	"  epochbench hazards -m epoch,inval_entry -f markdown -o mine.jsonl\n"
	"  epochbench hazards -m epoch,prune hazards.jsonl\n"
	"\n"
	"`epochbench list` says more about hazards and methods.  Control-C "
	"ends it and "
	"prints nothing.\n"
	"\n"
	"Exit status: 0 ok, 1 a probe failed or it was "
	"interrupted, 2 bad usage or a damaged FILE, 77 nothing could be "
	"tried here.";

/* Marks those that a list names. */
static void parse_names(struct argp_state *state, const char *text,
			const char *kind, options_text_fn *name, bool *wanted)
{
	unsigned int nr[TRY_MAX];
	size_t cnt = options_pick(state, text, kind, name, nr, TRY_MAX);

	memset(wanted, 0, TRY_MAX * sizeof(*wanted));
	for (size_t i = 0; i < cnt; i++)
		wanted[nr[i]] = true;
}

static void parse_sizes(struct argp_state *state, const char *text)
{
	const char *bad = "";
	int cnt = strcmp(text, "none")
			  ? size_parse_list(text, 1, NAMES_MAX,
					    hazard_options.name_cnt,
					    SIZE_CNT_MAX, &bad)
			  : 0;

	if (cnt < 0)
		argp_error(state, "'%s' is no list of sizes (1k,10k), nor none",
			   text);
	hazard_options.size_cnt = (unsigned int)cnt;
}

static void parse_patience(struct argp_state *state, const char *text)
{
	uint64_t ns = 0;

	if (duration_parse(text, &ns) || ns < 1000000 ||
	    ns > PATIENCE_MAX_S * 1000000000ULL)
		argp_error(state, "'%s' is no time from 1ms to %ds", text,
			   PATIENCE_MAX_S);
	hazard_options.patience_ms = (unsigned int)(ns / 1000000);
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case 'm':
		return options_list(text, names_hazard_method);
	case OPT_ONLY:
		return options_list(text, names_hazard);
	case 'f':
		return options_list(text, report_format_name);
	default:
		return (char *)text;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'm':
		parse_names(state, arg, "method", names_hazard_method,
			    opt->plan.method);
		return 0;
	case OPT_ONLY:
		parse_names(state, arg, "hazard", names_hazard,
			    opt->plan.hazard);
		return 0;
	case 'n':
		parse_sizes(state, arg);
		return 0;
	case OPT_PATIENCE:
		parse_patience(state, arg);
		return 0;
	case OPT_PREFIX:
		hazard_options.prefix = arg;
		return 0;
	case 'o':
		opt->output = arg;
		return 0;
	case 'j':
		arg = (char *)"json";
		/* fallthrough */
	case 'f':
		opt->format = (enum report_format)options_pick_one(
			state, arg, "format", report_format_name);
		return 0;
	case ARGP_KEY_ARGS:
		opt->files = &state->argv[state->next];
		opt->file_cnt = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int complain(const char *what)
{
	fprintf(stderr, "epochbench: hazards: %s\n", what);
	return STATUS_FAILED;
}

struct page_of {
	const json_t *records;
	const bool *hazards; /* those that are wanted */
	enum report_format format;
};

static int write_records(FILE *out, const void *arg)
{
	const struct page_of *p = arg;

	return json_lines_write(out, p->records);
}

static int print_page(FILE *out, const void *arg)
{
	const struct page_of *p = arg;

	return page_print(out, p->records, p->hazards, p->format);
}

/* Returns an exit status.  What was measured is shown whatever columns were named. */
static int deliver(const struct options *opt, const json_t *records)
{
	const struct page_of page = { records, opt->plan.hazard, opt->format };
	const struct output_result result = {
		.name = "epochbench: hazards",
		.path = opt->output,
		.records = write_records,
		.tables = print_page,
		.arg = &page,
		.again = opt->file_cnt,
	};
	int wrong = view_check(result.name, print_page, &page);

	if (wrong && opt->file_cnt)
		return wrong;
	return output_deliver(&result) ? STATUS_FAILED : wrong;
}

/* Records of hazards and methods that aren't known here stay. */
static bool is_wanted(const struct try_plan *plan, const json_t *record)
{
	int h = options_find(names_hazard, record_text(record, "hazard"));
	int m = options_find(names_hazard_method,
			     record_text(record, "method"));

	return (h < 0 || plan->hazard[h]) && (m < 0 || plan->method[m]);
}

static void keep_wanted(const struct try_plan *plan, json_t *records)
{
	json_t *wanted = json_array(), *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (is_wanted(plan, record))
			json_array_append(wanted, record);
	json_array_clear(records);
	json_array_extend(records, wanted);
	json_decref(wanted);
}

static int show_files(const struct options *opt, json_t *records)
{
	char err[512];

	for (int i = 0; i < opt->file_cnt; i++)
		if (records_read(records, opt->files[i], err, sizeof(err))) {
			complain(err);
			return STATUS_USAGE;
		}
	keep_wanted(&opt->plan, records);
	return deliver(opt, records);
}

static int try_them(const struct options *opt, json_t *records)
{
	unsigned int failed_cnt = 0, seen_cnt = 0;
	const json_t *record;
	char err[512] = "";
	size_t i;
	int ret;

	sweep_leftovers();
	ret = try_all(&opt->plan, records, err, sizeof(err));
	if (ret) {
		complain(err);
		return ret == -EPERM	? STATUS_SKIP
		       : ret == -EINVAL ? STATUS_USAGE
					: STATUS_FAILED;
	}
	output_until_signal(child_interrupted());
	ret = deliver(opt, records);
	json_array_foreach (records, i, record) {
		failed_cnt += !strcmp(record_text(record, "outcome"), "failed");
		seen_cnt += !!strcmp(record_text(record, "outcome"), "skip");
	}
	if (failed_cnt)
		fprintf(stderr,
			"epochbench: hazards: %u of the probes failed: look "
			"for FAILED\n",
			failed_cnt);
	if (ret || failed_cnt)
		return ret ? ret : STATUS_FAILED;
	return seen_cnt ? 0 : STATUS_SKIP;
}

int cmd_hazards(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "[FILE...]",
				   .doc = doc,
				   .children = view_options,
				   .help_filter = add_names };
	struct options opt = { .format = REPORT_TEXT };
	json_t *records = json_array();
	int ret;

	memset(&opt.plan, 1, sizeof(opt.plan));
	hazard_options = (struct hazard_options){
		.name_cnt = { 1000, 10000, 30000 },
		.size_cnt = 3,
		.patience_ms = 300,
		.prefix = "",
	};
	options_parse(&argp, argc, argv, &opt);
	ret = opt.output ? output_check(opt.output) : 0;
	if (ret)
		output_complain("epochbench: hazards", opt.output, ret);
	ret = ret	     ? STATUS_USAGE
	      : opt.file_cnt ? show_files(&opt, records)
			     : try_them(&opt, records);
	json_decref(records);
	return ret;
}
