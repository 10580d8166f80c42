// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_merge.c - `epochbench merge`: runs that took turns become one.
 *
 * A run can't exchange the kernel or a module.  So a user runs each of them for
 * one round, in turn: what slows the machine down for a while then hits all of
 * them alike.  Merged, sample i of each belongs to round i.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "bench/record/record.h"
#include "bench/record/record_join.h"
#include "bench/lib/options.h"
#include "bench/lib/output.h"
#include "bench/lib/status.h"

enum { OPT_HOST = 256, OPT_SIDE };

struct options {
	const char *output;
	const char *side; /* NULL: as they are */
	const char *host; /* NULL: as they are */
	char **files;
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0,
	  "Write the records to FILE, as JSON Lines; - (the default) is stdout",
	  0 },
	{ "host", OPT_HOST, "NAME", 0,
	  "All of them are of this host, by which reports tell them apart", 0 },
	{ "side", OPT_SIDE, "SIDE", 0,
	  "All of them are of this side of `epochbench compare`; again is "
	  "base, "
	  "measured once more, for the noise",
	  0 },
	{ 0 }
};

static const char doc[] =
	"Puts the records of runs that took turns (each FILE one round of one "
	"kernel, fuse.ko or side) together into one run, whose tables compare "
	"them.  "
	"Samples of the same variant are joined, in the order of the files."
	"\v"
	"Examples:\n"
	"  epochbench merge -o both.jsonl stock-1.jsonl v8-1.jsonl "
	"stock-2.jsonl "
	"v8-2.jsonl\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage, a place that can't be "
	"written, or a FILE that is damaged, foreign or unreadable.";

static const char *side_name(size_t i)
{
	static const char *const names[] = { "base", "again", "new", NULL };

	return names[i];
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case OPT_SIDE:
		return options_list(text, side_name);
	default:
		return (char *)text;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'o':
		opt->output = arg;
		return 0;
	case OPT_HOST:
		if (strlen(arg) >= sizeof(((struct hostinfo *)0)->name))
			argp_error(state, "--host '%s': too long", arg);
		opt->host = arg;
		return 0;
	case OPT_SIDE:
		opt->side = side_name(
			options_pick_one(state, arg, "side", side_name));
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

/* The records of all files. */
struct input {
	struct record *recs;
	size_t cnt;
};

static int refuse(const char *file, const char *why)
{
	fprintf(stderr, "epochbench: merge: %s%s\n", file, why);
	return STATUS_USAGE;
}

static int read_all(const struct options *opt, struct input *in)
{
	char err[512];

	for (int i = 0; i < opt->file_cnt; i++) {
		if (record_read(opt->files[i], &in->recs, &in->cnt, err,
				sizeof(err)))
			return refuse(err, "");
	}
	for (size_t i = 0; i < in->cnt; i++) {
		struct record *rec = &in->recs[i];

		if (opt->side)
			snprintf(rec->side, sizeof(rec->side), "%s", opt->side);
		if (opt->host)
			snprintf(rec->host.name, sizeof(rec->host.name), "%s",
				 opt->host);
	}
	return 0;
}

static int cannot_write(const struct options *opt, int err, int status)
{
	output_complain("epochbench: merge", opt->output, err);
	return status;
}

static int merge(const struct options *opt, struct input *in)
{
	int ret = output_check(opt->output), status;

	if (ret)
		return cannot_write(opt, ret, STATUS_USAGE);
	status = read_all(opt, in);
	if (status)
		return status;
	ret = record_join(in->recs, &in->cnt);
	if (!ret)
		ret = output_write(opt->output, record_write,
				   &(struct record_list){ in->recs, in->cnt });
	return ret ? cannot_write(opt, ret, STATUS_FAILED) : STATUS_OK;
}

int cmd_merge(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "FILE...",
				   .doc = doc,
				   .help_filter = add_names };
	struct options opt = { .output = "-" };
	struct input in = { .recs = NULL };
	int ret;

	options_parse(&argp, argc, argv, &opt);
	ret = merge(&opt, &in);
	for (size_t i = 0; i < in.cnt; i++)
		record_free(&in.recs[i]);
	free(in.recs);
	return ret;
}
