// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_merge.c - `epochbench merge`: runs that took turns become one.
 *
 * A run can't exchange the kernel or a module.  So a user runs each of them for
 * one round, in turn: what slows the machine down for a while then hits all of
 * them alike.  Merged, sample i of each belongs to round i.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "bench/record/record.h"
#include "bench/lib/options.h"
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
	"Exit status: 0 ok, 1 failed, 2 bad usage, or a FILE that is damaged, "
	"foreign or unreadable.";

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

static bool same_variant(const struct record *a, const struct record *b)
{
	return a->n == b->n && a->threads == b->threads &&
	       a->traced == b->traced && !strcmp(a->case_name, b->case_name) &&
	       !strcmp(a->method, b->method) && !strcmp(a->shape, b->shape) &&
	       !strcmp(a->populate, b->populate) && !strcmp(a->side, b->side) &&
	       !strcmp(a->clock_unit, b->clock_unit) &&
	       !strcmp(a->host.name, b->host.name) &&
	       !strcmp(a->host.kernel, b->host.kernel) &&
	       !strcmp(a->host.fuse, b->host.fuse);
}

/* Adds the samples of b to a.  One that failed makes both a failure. */
static int join(struct record *a, const struct record *b)
{
	for (size_t i = 0; i < b->sample_cnt; i++) {
		struct sample *s = record_add_sample(a);

		if (!s)
			return -ENOMEM;
		*s = b->sample[i];
	}
	if (!a->exit && b->exit) {
		a->exit = b->exit;
		memcpy(a->why, b->why, sizeof(a->why));
	}
	return 0;
}

/* Records that were joined to an earlier one are left empty, with no case. */
static int join_all(struct record *recs, size_t cnt)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < cnt; i++) {
		size_t k = 0;

		while (k < i && !same_variant(&recs[k], &recs[i]))
			k++;
		memcpy(recs[i].run_id, recs[0].run_id, sizeof(recs[i].run_id));
		if (k == i)
			continue;
		ret = join(&recs[k], &recs[i]);
		record_free(&recs[i]);
		recs[i].case_name[0] = '\0';
	}
	return ret;
}

static int write_all(const char *path, const struct record *recs, size_t cnt)
{
	struct record_writer *w;
	int ret = record_open(path, &w);

	if (ret)
		return ret;
	for (size_t i = 0; !ret && i < cnt; i++)
		if (recs[i].case_name[0])
			ret = record_write(w, &recs[i]);
	if (!ret)
		return record_commit(w);
	record_abandon(w);
	return ret;
}

static int merge(const struct options *opt, struct record **recs, size_t *cnt)
{
	char err[512];
	int ret;

	for (int i = 0; i < opt->file_cnt; i++) {
		if (!record_read(opt->files[i], recs, cnt, err, sizeof(err)))
			continue;
		fprintf(stderr, "epochbench: merge: %s\n", err);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < *cnt; i++) {
		struct record *rec = &(*recs)[i];

		if (opt->side)
			snprintf(rec->side, sizeof(rec->side), "%s", opt->side);
		if (opt->host)
			snprintf(rec->host.name, sizeof(rec->host.name), "%s",
				 opt->host);
	}
	ret = join_all(*recs, *cnt);
	if (!ret)
		ret = write_all(opt->output, *recs, *cnt);
	if (!ret)
		return 0;
	fprintf(stderr, "epochbench: merge: can't write %s: %s\n", opt->output,
		strerror(-ret));
	return STATUS_FAILED;
}

int cmd_merge(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "FILE...",
				   .doc = doc,
				   .help_filter = add_names };
	struct options opt = { .output = "-" };
	struct record *recs = NULL;
	size_t cnt = 0;
	int ret;

	options_parse(&argp, argc, argv, &opt);
	ret = merge(&opt, &recs, &cnt);
	for (size_t i = 0; i < cnt; i++)
		record_free(&recs[i]);
	free(recs);
	return ret;
}
