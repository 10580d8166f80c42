// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_report.c - `epochbench report`: records to tables.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "report.h"
#include "report_trend.h"

#define EXIT_UNUSABLE 2

struct options {
	enum report_format format;
	bool verbose;
	bool trend;
	char **files;
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT", 0, "text (default), markdown or json", 0 },
	{ "verbose", 'v', NULL, 0,
	  "Add minimum, median, MAD and maximum of every phase", 0 },
	{ "trend", 't', NULL, 0,
	  "How each variant's total changed from run to run", 0 },
	{ "help", 'h', NULL, 0, "Show this help", -1 },
	{ 0 }
};

static const char doc[] =
	"Draw tables from the records that `epochbench run -o FILE` wrote.  "
	"FILE - is standard input."
	"\v"
	"Examples:\n"
	"  epochbench report results/quick.jsonl\n"
	"  epochbench report -f markdown results/reference/*.jsonl\n"
	"  epochbench report --trend results/history.jsonl\n"
	"  epochbench report -f json - <run.jsonl | jq '.[].rows[]'\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage, or a FILE that is damaged, "
	"foreign or unreadable (then nothing is printed to standard output).";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'f':
		if (report_format_by_name(arg, &opt->format))
			argp_error(state,
				   "unknown format '%s': use text, markdown or "
				   "json",
				   arg);
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case 't':
		opt->trend = true;
		return 0;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case ARGP_KEY_ARGS:
		opt->files = &state->argv[state->next];
		opt->file_cnt = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no FILE given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* All or nothing: a table must not silently lack the records of a bad file. */
static int read_all(const struct options *opt, struct record **recs,
		    size_t *cnt)
{
	char err[512];

	for (int i = 0; i < opt->file_cnt; i++) {
		size_t before = *cnt;

		if (record_read(opt->files[i], recs, cnt, err, sizeof(err))) {
			fprintf(stderr, "epochbench: report: %s\n", err);
			return EXIT_UNUSABLE;
		}
		if (*cnt == before) {
			fprintf(stderr, "epochbench: report: %s: no records\n",
				opt->files[i]);
			return EXIT_UNUSABLE;
		}
	}
	return 0;
}

static int print_all(const struct options *opt, const struct record *recs,
		     size_t cnt)
{
	int ret = opt->trend ? report_trend(stdout, recs, cnt, opt->format)
			     : report_print(stdout, recs, cnt, opt->format,
					    opt->verbose);

	if (!ret && fflush(stdout))
		ret = -errno;
	if (!ret)
		return 0;
	fprintf(stderr, "epochbench: report: can't print: %s\n",
		strerror(-ret));
	return EXIT_FAILURE;
}

int cmd_report(int argc, char **argv)
{
	static char name[] = "epochbench report";
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "FILE...",
				   .doc = doc };
	struct options opt = { .format = REPORT_TEXT };
	struct record *recs = NULL;
	size_t cnt = 0;
	int ret;

	argv[0] = name;
	argp_err_exit_status = EXIT_UNUSABLE;
	/* No built-in help: it would claim -? but not -h. */
	if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &opt))
		return EXIT_UNUSABLE;
	ret = read_all(&opt, &recs, &cnt);
	if (!ret)
		ret = print_all(&opt, recs, cnt);
	for (size_t i = 0; i < cnt; i++)
		record_free(&recs[i]);
	free(recs);
	return ret;
}
