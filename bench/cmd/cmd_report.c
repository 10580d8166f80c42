// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_report.c - `epochbench report`: records to tables.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "bench/html/html.h"
#include "bench/lib/json_lines.h"
#include "bench/lib/options.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"
#include "bench/record/record_same.h"
#include "bench/lib/text.h"
#include "bench/lib/view.h"
#include "bench/record/record_schema.h"
#include "bench/report/report.h"
#include "bench/report/report_trend.h"
#include "bench/advice/setting.h"
#include "bench/advice/workload_report.h"

#define RATE_MAX_HZ 1e6
#define SUBMOUNTS_MAX 1000000000

enum { OPT_RATE = 256, OPT_SUBMOUNTS, OPT_ABOVE };

/* A page is of records of all kinds, and has a room of its own. */
#define FORMAT_HTML (REPORT_JSON + 1)

struct options {
	unsigned int format; /* enum report_format, or FORMAT_HTML */
	bool verbose;
	bool trend;
	bool advice; /* something was asked that only workloads answer */
	struct workload_report workload;
	char **files;
	int file_cnt;
};

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT", 0, "Print in this form (text)", 1 },
	{ "json", 'j', NULL, 0, "The same as -f json", 1 },
	{ "verbose", 'v', NULL, 0,
	  "Add minimum, median, MAD and maximum of every phase; of workloads, "
	  "the walker, the notifications, and what the oracle saw",
	  1 },
	{ "trend", 't', NULL, 0,
	  "How each variant's total changed from run to run", 1 },
	{ "rate", OPT_RATE, "HZ", 0,
	  "Of workloads: advise for so many events a second (each rate that "
	  "was measured)",
	  2 },
	{ "submounts", OPT_SUBMOUNTS, "N", 0,
	  "Of workloads: advise for so many mounts below (as measured)", 2 },
	{ "above", OPT_ABOVE, "WHAT,...", 0,
	  "Of workloads: advise for those who have that: an overlay above, "
	  "programs that work inside, programs that know files by number "
	  "(none)",
	  2 },
	{ 0 }
};

static const char doc[] =
	"Draws tables from the records that `epochbench run -o FILE` or "
	"`epochbench workload -o FILE` wrote; with -f html a page from records "
	"of "
	"every kind.  FILE - is standard input."
	"\v"
	"Examples:\n"
	"  epochbench report quick.jsonl\n"
	"  epochbench report -f markdown shapes.jsonl\n"
	"  epochbench report --trend history.jsonl\n"
	"  epochbench report -f html *.jsonl >page.html\n"
	"  epochbench report -f json - <run.jsonl | jq '.[].rows[]'\n"
	"  epochbench report --rate 5 --submounts 2 workload.jsonl\n"
	"  epochbench report --above overlay,inside workload.jsonl\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage, or a FILE that is damaged, "
	"foreign or unreadable (then nothing is printed to standard output), "
	"77 -f "
	"html without gnuplot.";

static void parse_rate(struct argp_state *state, const char *text, double *out)
{
	if (real_parse(text, 0, RATE_MAX_HZ, out) || !(*out > 0))
		argp_error(state, "--rate '%s' is no number above 0, up to %g",
			   text, RATE_MAX_HZ);
}

static void parse_submounts(struct argp_state *state, const char *text,
			    struct workload_report *out)
{
	out->has_submounts = true;
	if (whole_parse(text, 0, SUBMOUNTS_MAX, &out->submount_cnt))
		argp_error(state, "--submounts '%s' is no number", text);
}

static void parse_above(struct argp_state *state, const char *text,
			struct workload_report *out)
{
	unsigned int nr[SETTING_CNT];
	size_t cnt = options_pick(state, text, "setting", setting_key, nr,
				  SETTING_CNT);

	for (size_t i = 0; i < cnt; i++)
		out->settings |= 1U << nr[i];
}

static const char *format_name(size_t i)
{
	return i == FORMAT_HTML	 ? "html"
	       : i < FORMAT_HTML ? report_format_name(i)
				 : NULL;
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case 'f':
		return options_list(text, format_name);
	case OPT_ABOVE:
		return options_list(text, setting_key);
	default:
		return (char *)text;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'j':
		arg = (char *)"json";
		/* fallthrough */
	case 'f':
		opt->format =
			options_pick_one(state, arg, "format", format_name);
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case 't':
		opt->trend = true;
		return 0;
	case OPT_RATE:
		parse_rate(state, arg, &opt->workload.rate_hz);
		opt->advice = true;
		return 0;
	case OPT_SUBMOUNTS:
		parse_submounts(state, arg, &opt->workload);
		opt->advice = true;
		return 0;
	case OPT_ABOVE:
		parse_above(state, arg, &opt->workload);
		opt->advice = true;
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

/* Records of one kind or the other: a report is of either. */
struct records {
	struct record *rec;
	size_t cnt;
	struct workload_record *workload;
	size_t workload_cnt;
};

static int add_line(const json_t *root, void *arg, char *err, size_t err_len)
{
	struct records *all = arg;
	bool workload = workload_record_is(root);

	if (workload ? all->cnt : all->workload_cnt) {
		snprintf(err, err_len,
			 "records of `epochbench run` and of `epochbench "
			 "workload` have reports of their own: give one kind");
		return -EINVAL;
	}
	if (workload)
		return workload_record_append(root, &all->workload,
					      &all->workload_cnt, err, err_len);
	return record_append(root, &all->rec, &all->cnt, err, err_len);
}

static int unusable(const char *what, const char *why)
{
	fputs("epochbench: report: ", stderr);
	text_put(stderr, what, ""); /* a file's name, mostly */
	fprintf(stderr, "%s\n", why);
	return STATUS_USAGE;
}

/* All or nothing: a table must not silently lack the records of a bad file. */
static int read_all(const struct options *opt, struct records *all)
{
	char err[512];

	for (int i = 0; i < opt->file_cnt; i++) {
		size_t before = all->cnt + all->workload_cnt;

		if (json_lines_read(opt->files[i], add_line, all, err,
				    sizeof(err)))
			return unusable(err, "");
		if (all->cnt + all->workload_cnt == before)
			return unusable(opt->files[i], ": no records");
	}
	if (all->workload_cnt && opt->trend)
		return unusable("--trend",
				" is of records of `epochbench run`");
	if (all->cnt && opt->advice)
		return unusable("--rate, --submounts and --above",
				" are of records of `epochbench workload`");
	return 0;
}

/*
 * A history is a file that branches add to: git puts their lines one after the
 * other, whenever they were measured, and may take both sides of a conflict.
 */
static int sort_history(struct records *all)
{
	size_t cnt = all->cnt;
	int ret = record_sort_runs(all->rec, &all->cnt);

	if (!ret && all->cnt < cnt)
		fprintf(stderr,
			"epochbench: report: %zu of %zu records are there "
			"more than once, and count once\n",
			cnt - all->cnt, cnt);
	return ret;
}

/* What is printed, and how. */
struct printed {
	const struct options *opt;
	const struct records *all;
};

static int print(FILE *out, const void *arg)
{
	const struct printed *p = arg;
	const struct records *all = p->all;
	enum report_format format = (enum report_format)p->opt->format;
	struct workload_report workload = p->opt->workload;

	workload.format = format;
	workload.verbose = p->opt->verbose;
	if (all->workload_cnt)
		return workload_report(out, all->workload, all->workload_cnt,
				       &workload);
	if (p->opt->trend)
		return report_trend(out, all->rec, all->cnt, format);
	return report_print(out, all->rec, all->cnt, format, p->opt->verbose);
}

static int print_all(const struct options *opt, struct records *all)
{
	const struct printed p = { opt, all };
	int ret = opt->trend ? sort_history(all) : 0;

	if (!ret && view_check("epochbench: report", print, &p))
		return STATUS_USAGE;
	if (!ret)
		ret = print(stdout, &p);
	if (!ret)
		return 0;
	fprintf(stderr, "epochbench: report: can't print: %s\n",
		strerror(-ret));
	return STATUS_FAILED;
}

static int print_page(const struct html_records *all)
{
	int ret = html_print(all, stdout);

	if (ret == -ENOENT) {
		fputs("epochbench: report: -f html draws with gnuplot, which "
		      "isn't here (Debian: gnuplot-nox)\n",
		      stderr);
		return STATUS_SKIP;
	}
	if (!ret)
		return 0;
	fprintf(stderr, "epochbench: report: can't print: %s\n",
		strerror(-ret));
	return STATUS_FAILED;
}

static int report_page(const struct options *opt)
{
	struct html_records all;
	char err[512] = "no memory";
	int ret;

	if (opt->verbose || opt->trend || opt->advice || view_is_choosy())
		return unusable("-f html", " takes no other options: the page "
					   "has all that is in the records");
	ret = html_records_init(&all);
	for (int i = 0; !ret && i < opt->file_cnt; i++)
		ret = html_records_read(&all, opt->files[i], err, sizeof(err));
	if (!ret)
		ret = html_records_sort(&all);
	ret = ret ? unusable(err, "") : print_page(&all);
	html_records_free(&all);
	return ret;
}

int cmd_report(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "FILE...",
				   .doc = doc,
				   .children = view_options,
				   .help_filter = add_names };
	struct options opt = { .format = REPORT_TEXT };
	struct records all = { .cnt = 0 };
	int ret;

	options_parse(&argp, argc, argv, &opt);
	if (opt.format == FORMAT_HTML)
		return report_page(&opt);
	ret = read_all(&opt, &all);
	if (!ret)
		ret = print_all(&opt, &all);
	for (size_t i = 0; i < all.cnt; i++)
		record_free(&all.rec[i]);
	free(all.rec);
	workload_records_free(all.workload, all.workload_cnt);
	return ret;
}
