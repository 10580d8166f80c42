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
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "bench/record/record.h"
#include "bench/record/record_join.h"
#include "bench/record/record_same.h"
#include "bench/lib/options.h"
#include "bench/lib/output.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"

enum { OPT_HOST = 256, OPT_SEED, OPT_SIDE };

struct options {
	const char *output;
	const char *side; /* NULL: as they are */
	const char *host; /* NULL: as they are */
	uint64_t seed; /* 0: as they are */
	char **files;
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0,
	  "Write the records to FILE, as JSON Lines; - (the default) is stdout",
	  0 },
	{ "host", OPT_HOST, "NAME", 0,
	  "All of them are of this host, by which reports tell them apart", 0 },
	{ "seed", OPT_SEED, "N", 0,
	  "All of them took turns in the order that N gives (results/SCHEMA.md)",
	  0 },
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
	"  epochbench merge -o both.jsonl stock-1.jsonl v8-1.jsonl stock-2.jsonl\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage, a place that can't be "
	"written, or a FILE that is damaged, foreign or unreadable, or has "
	"samples of another one.";

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
	case OPT_SEED:
		if (size_parse(arg, 1, INT64_MAX, &opt->seed))
			argp_error(state, "--seed '%s': a number from 1 on",
				   arg);
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

/* The records of all files, and which file each is of. */
struct input {
	struct record *recs;
	size_t cnt;
	size_t *end; /* of each file: how many are of it and those before it */
};

static const char *file_of(const struct options *opt, const struct input *in,
			   size_t rec)
{
	int i = 0;

	while (rec >= in->end[i])
		i++;
	return opt->files[i];
}

static int refuse(const char *file, const char *why)
{
	fprintf(stderr, "epochbench: merge: %s%s\n", file, why);
	return STATUS_USAGE;
}

/* False: there is no such file, which reading will tell. */
static bool identify(const char *path, struct stat *st)
{
	return !(strcmp(path, "-") ? stat(path, st) : fstat(STDIN_FILENO, st));
}

/* By whatever name: it may have no samples, by which one could tell. */
static int check_files(const struct options *opt)
{
	struct stat *st = calloc((size_t)opt->file_cnt, sizeof(*st));
	int ret = 0;

	for (int i = 0; st && !ret && i < opt->file_cnt; i++) {
		if (!identify(opt->files[i], &st[i]))
			continue;
		for (int k = 0; !ret && k < i; k++)
			if (st[k].st_dev == st[i].st_dev &&
			    st[k].st_ino == st[i].st_ino)
				ret = refuse(opt->files[i],
					     ": this file is given twice");
	}
	free(st);
	return ret;
}

static int read_all(const struct options *opt, struct input *in)
{
	char err[512];

	for (int i = 0; i < opt->file_cnt; i++) {
		if (record_read(opt->files[i], &in->recs, &in->cnt, err,
				sizeof(err)))
			return refuse(err, "");
		in->end[i] = in->cnt;
	}
	for (size_t i = 0; i < in->cnt; i++) {
		struct record *rec = &in->recs[i];

		if (opt->side)
			snprintf(rec->side, sizeof(rec->side), "%s", opt->side);
		if (opt->seed)
			rec->order_seed = opt->seed;
		if (opt->host)
			snprintf(rec->host.name, sizeof(rec->host.name), "%s",
				 opt->host);
	}
	return 0;
}

/*
 * A copy, or a merged file that has what another has: to count a sample twice
 * would make chance look impossible.
 */
static int check_samples(const struct options *opt, const struct input *in)
{
	struct record_twice twice;
	const char *first, *second;

	if (record_find_twice(in->recs, in->cnt, &twice)) {
		fputs("epochbench: merge: no memory\n", stderr);
		return STATUS_FAILED;
	}
	if (!twice.found)
		return 0;
	first = file_of(opt, in, twice.first);
	second = file_of(opt, in, twice.second);
	if (first == second)
		return refuse(second, ": it has the same sample twice");
	fprintf(stderr,
		"epochbench: merge: %s: it has samples that %s has, too, and "
		"each may count once only\n",
		second, first);
	return STATUS_USAGE;
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
	status = check_files(opt);
	if (!status)
		status = read_all(opt, in);
	if (!status)
		status = check_samples(opt, in);
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
	int ret = STATUS_FAILED;

	options_parse(&argp, argc, argv, &opt);
	in.end = calloc((size_t)opt.file_cnt, sizeof(*in.end));
	if (in.end)
		ret = merge(&opt, &in);
	for (size_t i = 0; i < in.cnt; i++)
		record_free(&in.recs[i]);
	free(in.recs);
	free(in.end);
	return ret;
}
