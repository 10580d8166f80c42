// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_compare.c - `epochbench compare`: is NEW slower than BASE?
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"
#include "names.h"
#include "bench/compare/compare_format.h"
#include "bench/lib/sizes.h"
#include "bench/lib/forms.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"
#include "bench/lib/text.h"
#include "bench/lib/tree.h"

#define SIZES_MAX 32
#define LIST_MAX 32
#define LIST_LEN (LIST_MAX * 16)

enum { OPT_ACROSS = 256, OPT_CPU, OPT_FORCE, OPT_FUSE, OPT_PHASE, OPT_STRICT };

struct options {
	struct compare_options cmp;
	struct forms forms;
	char sizes[SIZES_MAX * 24];
	char phases[LIST_LEN], across[LIST_LEN];
	char *file[2];
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT[=FILE]", 0,
	  "Print in this form (text), or write that to FILE, too; may be "
	  "repeated: see below",
	  1 },
	{ "json", 'j', NULL, 0, "The same as -f json", 1 },
	{ "method", 'm', "METHOD,...", 0, "Only these methods", 2 },
	{ "names", 'n', "N,...", 0, "Only trees of so many names", 2 },
	{ "files", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ "phase", OPT_PHASE, "PHASE,...", 0, "Only these phases", 2 },
	{ "cpu", OPT_CPU, NULL, 0,
	  "Compare the CPU time of driver and daemon, instead of the time that "
	  "passed: steadier on a busy machine, but blind to waiting",
	  2 },
	{ "across", OPT_ACROSS, "WHAT,...", 0, "What is meant to differ", 3 },
	{ "fuse", OPT_FUSE, "BASE,NEW", 0,
	  "Only records of these variants of fuse.ko; says --across fuse", 3 },
	{ "force", OPT_FORCE, NULL, 0,
	  "Whatever differs, but for the schema of the records", 3 },
	{ "strict", OPT_STRICT, NULL, 0,
	  "Undecided, or only in NEW, is a failure", 3 },
	{ 0 }
};

static const char doc[] =
	"Judges records: is NEW slower than BASE?  Runs nothing.  Each is a "
	"file "
	"of `epochbench run -o`, or a folder of them (*.jsonl).  One file "
	"alone "
	"holds both sides, as regress --wall writes it.\v"
	"\nAt least 9 runs a side are needed.  15 mostly find 5% among 60 "
	"numbers where the A/A floor is below 2%, seldom where it is above 5%: "
	"see the README of the results.  "
	"Without an A/A (base, measured twice in the same session, in turns) "
	"nobody knows what is noise, and all is undecided.\n\n"
	"Examples:\n"
	"  regress --wall --base old/epochbench -o ab.jsonl\n"
	"  epochbench compare ab.jsonl\n"
	"  epochbench compare --phase total,rewalk -f markdown ab.jsonl\n"
	"  epochbench compare -f junit=report.xml ab.jsonl\n"
	"  epochbench compare --across kernel 6.17.jsonl 6.18.jsonl\n"
	"  epochbench compare --fuse v8,shrink vm.jsonl\n\n"
	"Exit status: 0 same or better, or undecided; 1 failed, or in "
	"BASE only (leave that out with -m and -n), or with --strict undecided "
	"or in NEW "
	"only; 2 bad usage or unusable input; 3 slower.";

/* "10k,1M" to "10000,1000000", as records have it. */
static void parse_sizes(struct argp_state *state, const char *arg,
			struct options *opt)
{
	uint64_t n[SIZES_MAX];
	const char *bad = "";
	int cnt = size_parse_list(arg, 1, TREE_N_MAX, n, SIZES_MAX, &bad);
	size_t used = 0;

	if (cnt < 0)
		argp_error(state, "-n '%s': no list of sizes (10k,1M)", arg);
	for (int i = 0; i < cnt; i++)
		used += (size_t)snprintf(
			opt->sizes + used, sizeof(opt->sizes) - used, "%s%llu",
			i ? "," : "", (unsigned long long)n[i]);
	opt->cmp.sizes = opt->sizes;
}

/* What a list names, in full, as records have it. */
static const char *parse_names(struct argp_state *state, const char *text,
			       const char *kind, options_text_fn *name,
			       char list[LIST_LEN])
{
	unsigned int nr[LIST_MAX];
	size_t cnt = options_pick(state, text, kind, name, nr, LIST_MAX);
	size_t used = 0;

	for (size_t i = 0; i < cnt; i++)
		used += (size_t)snprintf(list + used, LIST_LEN - used, "%s%s",
					 i ? "," : "", name(nr[i]));
	return list;
}

static const char *format_name(size_t i)
{
	return compare_formats[i].name;
}

static const char *format_help(size_t i)
{
	return compare_formats[i].help;
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case OPT_PHASE:
		return options_list(text, names_phase);
	case OPT_ACROSS:
		return options_list(text, compare_aspect);
	case ARGP_KEY_HELP_POST_DOC:
		return options_table("Formats:\n", format_name, format_help,
				     text);
	default:
		return (char *)text;
	}
}

static void parse_fuse(struct argp_state *state, char *arg, struct options *opt)
{
	char *comma = strchr(arg, ',');

	if (!comma || comma == arg || !comma[1] || strchr(comma + 1, ','))
		argp_error(state, "--fuse '%s': say two variants, BASE,NEW",
			   arg);
	*comma = '\0';
	opt->cmp.fuse[0] = arg;
	opt->cmp.fuse[1] = comma + 1;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'j':
		arg = (char *)"json";
		/* fallthrough */
	case 'f':
		forms_parse(&opt->forms, state, arg, format_name);
		return 0;
	case 'm':
		opt->cmp.methods = arg;
		return 0;
	case 'n':
		parse_sizes(state, arg, opt);
		return 0;
	case OPT_PHASE:
		opt->cmp.phases = parse_names(state, arg, "phase", names_phase,
					      opt->phases);
		return 0;
	case OPT_ACROSS:
		opt->cmp.across = parse_names(state, arg, "aspect",
					      compare_aspect, opt->across);
		return 0;
	case OPT_FUSE:
		parse_fuse(state, arg, opt);
		return 0;
	case OPT_CPU:
		opt->cmp.cpu = true;
		return 0;
	case OPT_FORCE:
		opt->cmp.force = true;
		return 0;
	case OPT_STRICT:
		opt->cmp.strict = true;
		return 0;
	case ARGP_KEY_ARG:
		if (opt->file_cnt == 2)
			argp_error(state, "'%s' is one too many: BASE and NEW",
				   arg);
		opt->file[opt->file_cnt++] = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name BASE and NEW, or one file with both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int is_records(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".jsonl");
}

struct side {
	struct record *rec;
	size_t cnt;
};

/* A file, or all *.jsonl of a folder, in order. */
static int read_side(const char *path, struct side *side, char *err,
		     size_t err_len)
{
	struct dirent **list;
	struct stat st;
	int cnt, ret = 0;

	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		ret = record_read(path, &side->rec, &side->cnt, err, err_len);
	} else {
		cnt = scandir(path, &list, is_records, alphasort);
		for (int i = 0; i < cnt; i++) {
			char *file = NULL;

			if (!ret &&
			    asprintf(&file, "%s/%s", path, list[i]->d_name) < 0)
				ret = -ENOMEM;
			if (!ret)
				ret = record_read(file, &side->rec, &side->cnt,
						  err, err_len);
			free(file);
			free(list[i]);
		}
		if (cnt >= 0)
			free(list);
	}
	if (!ret && !side->cnt) {
		snprintf(err, err_len, "%s: no records", path);
		text_tame(err);
		ret = -EINVAL;
	}
	return ret;
}

static int print(FILE *out, size_t form, const void *cmp)
{
	return compare_formats[form].print(out, cmp);
}

/* Where even the clearest change would stay undecided, say what would help. */
static void warn_of_few_runs(const struct comparison *cmp)
{
	unsigned int needed = compare_runs_needed(cmp->cnt, &cmp->rules);
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < cmp->cnt; i++)
		if (cmp->cell[i].fresh->sample_cnt < least)
			least = cmp->cell[i].fresh->sample_cnt;
	if (cmp->cnt && least < needed)
		fprintf(stderr,
			"epochbench: compare: %zu runs can't show a change "
			"among %zu numbers: measure %u or more, or compare "
			"fewer with -m, -n and --phase\n",
			least, cmp->cnt, needed);
}

static int judge(const struct options *opt, const struct record_set *base,
		 const struct record_set *fresh)
{
	struct comparison cmp = { .rules = judge_defaults };
	char err[512] = "no memory";
	int ret = compare_sets(base, fresh, &opt->cmp, &cmp, err, sizeof(err));

	if (ret) {
		fprintf(stderr, "epochbench: compare: %s\n", err);
		compare_free(&cmp);
		return ret == -EINVAL ? STATUS_USAGE : STATUS_FAILED;
	}
	cmp.strict = opt->cmp.strict;
	warn_of_few_runs(&cmp);
	ret = forms_print(&opt->forms, "epochbench: compare", print, &cmp);
	if (!ret && cmp.verdict_cnt[VERDICT_SLOWER])
		ret = STATUS_REGRESSION;
	else if (!ret &&
		 (cmp.failed || cmp.absent ||
		  (opt->cmp.strict && cmp.verdict_cnt[VERDICT_UNDECIDED])))
		ret = STATUS_FAILED;
	compare_free(&cmp);
	return ret;
}

int cmd_compare(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "BASE [NEW]",
				   .doc = doc,
				   .children = view_options,
				   .help_filter = add_names };
	struct options opt = { 0 };
	struct side side[2] = { { NULL, 0 }, { NULL, 0 } };
	struct record_set set[2];
	char err[512];
	int ret = 0;

	options_parse(&argp, argc, argv, &opt);
	for (int i = 0; !ret && i < opt.file_cnt; i++) {
		if (read_side(opt.file[i], &side[i], err, sizeof(err))) {
			fprintf(stderr, "epochbench: compare: %s\n", err);
			ret = STATUS_USAGE;
		}
		set[i] = (struct record_set){ opt.file[i], side[i].rec,
					      side[i].cnt };
	}
	if (!ret)
		ret = judge(&opt, &set[0], &set[opt.file_cnt - 1]);
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < side[i].cnt; k++)
			record_free(&side[i].rec[k]);
		free(side[i].rec);
	}
	return ret;
}
