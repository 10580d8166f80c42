// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_workload.c - `epochbench workload`: what real programs feel on a tree of
 * real files while a method invalidates at a rate.  A third of it is options and
 * help.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "names.h"
#include "bench/host/child.h"
#include "bench/host/sweep.h"
#include "bench/lib/json_lines.h"
#include "bench/lib/output.h"
#include "bench/lib/sizes.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"
#include "bench/daemon/command.h"
#include "bench/record/record.h"
#include "bench/workload/conduct.h"
#include "bench/inval/inval.h"
#include "bench/workload/options.h"
#include "bench/workload/oracle_cost.h"
#include "bench/workload/programs.h"
#include "bench/advice/rate_table.h"
#include "bench/advice/workload_report.h"

#define ROUNDS_MAX 1000
#define EVENTS_MAX 1000000 /* of --swallow */
/* Of the default plan, see is_too_much(). */
#define ONE_HZ 10.0
#define RARE_BELOW_HZ 0.5

enum {
	OPT_RATE = 256,
	OPT_TREE,
	OPT_TIMELINE,
	OPT_LIST,
	OPT_CPUS,
	OPT_ORACLE_COST,
	OPT_SWALLOW,
	OPT_LATE,
	OPT_RENUMBER,
	OPT_NLINK_ZERO,
	OPT_LATENCY,
	OPT_DAEMON
};

static const struct argp_option options[] = {
	{ "workload", 'w', "NAME,...", 0, "Workloads (all)", 1 },
	{ "method", 'm', "METHOD[:changed],...", 0,
	  "Methods (epoch,inval_entry), which with :changed tell the kernel "
	  "only what changed, not all names",
	  1 },
	{ "rate", OPT_RATE, "HZ,...", 0,
	  "Events a second (0.1,1,10,100); the control, 0, is always there",
	  1 },
	{ "rates", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ "timeline", OPT_TIMELINE, NULL, 0,
	  "Only the dip and the recovery after one event", 1 },
	{ "tree", OPT_TREE, "DIR", 0,
	  "The directory that is copied and used (/usr/include)", 2 },
	{ "daemon", OPT_DAEMON, "COMMAND", 0,
	  "A daemon of yours, not ours: for the shell, with {source}, the "
	  "copy, "
	  "{mount}, where, and {scratch}, an empty folder; each becomes a "
	  "quoted "
	  "word.  /tmp is a private one",
	  2 },
	{ "duration", 'd', "SECONDS", 0,
	  "How long a cell lasts, unless an event needs longer (1.1)", 2 },
	{ "seconds", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ "rounds", 'r', "N", 0, "How often each cell is measured (3)", 2 },
	{ "cpus", OPT_CPUS, "N,N", 0,
	  "CPU of the workloads, and that of daemon and all others (the first, "
	  "the last)",
	  2 },
	{ "renumber", OPT_RENUMBER, NULL, 0,
	  "A daemon that numbers its files itself, and anew once the kernel "
	  "has forgotten one, as with libfuse without use_ino",
	  2 },
	{ "nlink-zero", OPT_NLINK_ZERO, NULL, 0,
	  "A daemon that reports 0 links of each file", 2 },
	{ "latency", OPT_LATENCY, "TIME", 0,
	  "A daemon that needs so long for each answer, as over a network (0)",
	  2 },
	{ "oracle-cost", OPT_ORACLE_COST, NULL, 0,
	  "Run each cell with events once more, without changes and "
	  "without looking, to see what looking costs",
	  2 },
	{ "output", 'o', "FILE", 0,
	  "Write the records to FILE, as JSON Lines; - is stdout", 3 },
	{ "format", 'f', "FORMAT", 0, "Print in this form (text)", 3 },
	{ "json", 'j', NULL, 0, "The same as -f json", 3 },
	{ "list", OPT_LIST, NULL, 0, "Show workloads and methods, run nothing",
	  3 },
	{ "swallow", OPT_SWALLOW, "N", OPTION_HIDDEN,
	  "A daemon that forgets each N-th notification: the oracle must see "
	  "it",
	  4 },
	{ "late", OPT_LATE, "TIME", OPTION_HIDDEN,
	  "READDIRPLUS is answered after the next event, or so late: the race "
	  "that hazards knows",
	  4 },
	{ 0 }
};

static const char doc[] =
	"Runs real programs on a copy of a real directory, through a FUSE "
	"daemon of its own, while files change behind the mount and one method "
	"makes the kernel forget them, at a rate.  What is seen after a "
	"notification must be new: a stale answer makes the run fail.  What "
	"goes wrong for an overlay above, for a process inside, or with the "
	"numbers of files is counted."
	"\v"
	"Examples:\n"
	"  epochbench workload -o mine.jsonl\n"
	"  epochbench workload -w find -m epoch,inval_entry:changed --rate "
	"1,10\n"
	"  epochbench workload --timeline -m epoch,inval_entry,inval_inode\n"
	"  epochbench workload --tree ~/src/linux/include -w gcc -d 10\n"
	"  epochbench workload -w git-status --renumber --latency 1ms\n"
	"  epochbench workload --daemon 'bindfs {source} {mount}' -w find -r 1 "
	"--rate 1\n"
	"  epochbench workload --list\n"
	"\n"
	"Without options it takes about twenty minutes.  Control-C ends it and "
	"keeps the cells that it has.\n"
	"\n"
	"Exit status: 0 ok, 1 a stale answer, a "
	"failure or interrupted, 2 bad usage, 77 nothing could be run here.";

struct options {
	struct conduct conduct;
	const char *workloads, *methods, *rates, *output;
	bool list, json, timeline;
};

/*
 * What nobody asked for shouldn't take half an hour: rare events, for which a
 * cell takes long, are seen once; and knowing what changed, or leaving alone
 * what stands on the mount, is compared at one rate.
 */
static bool is_too_much(const struct cell *c)
{
	const struct inval_method *m = &inval_methods[c->how.method];

	if (c->how.changed || !(m->hazards & HAZARD_SUBMOUNT))
		return c->rate_hz != ONE_HZ;
	return c->rate_hz < RARE_BELOW_HZ && c->round;
}

/* What passfs can, and another daemon can't. */
static void check_daemon(struct argp_state *state, const struct conduct *c)
{
	const struct passfs_manner *m = &c->manner;

	if (!command_has(c->daemon, "mount"))
		argp_error(state, "--daemon: where is {mount} in it?");
	if (strlen(c->daemon) >= RECORD_COMMAND_BYTES)
		argp_error(state,
			   "--daemon: longer than %d bytes: put it into "
			   "a script",
			   RECORD_COMMAND_BYTES - 1);
	if (m->renumber || m->nlink_zero || m->latency_ns || m->late_ns)
		argp_error(state, "--daemon is a daemon of yours: leave out "
				  "--renumber, --nlink-zero, --latency and "
				  "--late");
}

static void make_plan(struct argp_state *state, struct options *opt)
{
	bool is_default = !opt->workloads && !opt->methods && !opt->rates &&
			  !opt->timeline;
	const char *methods =
		opt->conduct.daemon
			? "epoch,inval_entry:changed,expire_entry:changed"
		: is_default
			? "epoch,inval_entry,inval_entry:changed,expire_entry"
			: "epoch,inval_entry";
	struct plan *p = &opt->conduct.plan;

	if (opt->conduct.daemon)
		check_daemon(state, &opt->conduct);
	workload_parse_workloads(state, opt->workloads ? opt->workloads : "all",
				 p);
	workload_parse_methods(state, opt->methods ? opt->methods : methods, p);
	workload_parse_rates(state, opt->rates ? opt->rates : "0.1,1,10,100",
			     p);
	p->cells = !opt->timeline;
	p->timelines = opt->timeline || is_default;
	p->leaves_out = is_default ? is_too_much : NULL;
}

enum { FORMAT_TEXT, FORMAT_JSON };

static const char *format_name(size_t i)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", NULL
	};

	return names[i];
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case 'w':
		return options_list(text, workload_name);
	case 'm':
		return options_list(text, names_real_method);
	case 'f':
		return options_list(text, format_name);
	default:
		return (char *)text;
	}
}

static uint64_t parse_short_time(struct argp_state *state, const char *text)
{
	uint64_t ns = 0;

	if (duration_parse(text, &ns) || ns >= 1000000000)
		argp_error(state, "'%s' is no time below 1s", text);
	return ns;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;
	struct conduct *c = &opt->conduct;
	uint64_t rounds, events = 0;

	switch (key) {
	case 'w':
		opt->workloads = arg;
		break;
	case 'm':
		opt->methods = arg;
		break;
	case OPT_RATE:
		opt->rates = arg;
		break;
	case OPT_TIMELINE:
		opt->timeline = true;
		break;
	case OPT_TREE:
		c->tree = arg;
		break;
	case 'd':
		workload_parse_seconds(state, arg, &c->plan);
		break;
	case 'r':
		if (size_parse(arg, 1, ROUNDS_MAX, &rounds))
			argp_error(state, "'%s' is no number from 1 to %d", arg,
				   ROUNDS_MAX);
		c->plan.rounds = (unsigned int)rounds;
		break;
	case OPT_CPUS:
		workload_parse_cpus(state, arg, c);
		break;
	case OPT_ORACLE_COST:
		c->plan.oracle_cost = true;
		break;
	case OPT_SWALLOW:
		if (whole_parse(arg, 0, EVENTS_MAX, &events))
			argp_error(state, "'%s' is no number", arg);
		c->swallow = (unsigned int)events;
		break;
	case OPT_LATE:
		c->manner.late_ns = parse_short_time(state, arg);
		break;
	case OPT_LATENCY:
		c->manner.latency_ns = parse_short_time(state, arg);
		break;
	case OPT_RENUMBER:
		c->manner.renumber = true;
		break;
	case OPT_NLINK_ZERO:
		c->manner.nlink_zero = true;
		break;
	case OPT_DAEMON:
		c->daemon = arg;
		break;
	case OPT_LIST:
		opt->list = true;
		break;
	case 'o':
		opt->output = arg;
		break;
	case 'j':
		arg = (char *)"json";
		/* fallthrough */
	case 'f':
		opt->json = options_pick_one(state, arg, "format",
					     format_name) == FORMAT_JSON;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "what is '%s'?  All is said by options", arg);
		break;
	case ARGP_KEY_END:
		make_plan(state, opt);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int list_all(void)
{
	printf("Workloads:\n");
	for (unsigned int i = 0; i < workload_cnt; i++)
		printf("  %-16s %s\n", workload_name(i),
		       names_workload_help(i));
	printf("\nMethods:\n");
	for (unsigned int i = 0; names_real_method(i); i++)
		printf("  %-16s %s\n", names_real_method(i),
		       names_real_method_help(i));
	printf("\nOthers can't:\n");
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		if (inval_unfit_real(&inval_methods[i]))
			printf("  %-16s %s\n", inval_methods[i].name,
			       inval_unfit_real(&inval_methods[i]));
	return 0;
}

static int print_oracle_cost(FILE *out, const json_t *cells)
{
	struct oracle_cost cost;
	int ret = oracle_cost_of(cells, &cost);

	if (!ret && cost.pair_cnt)
		fprintf(out,
			"\nThe oracle: with it %.1f%% of the throughput "
			"without "
			"(half of %zu pairs\nbetween %.1f%% and %.1f%%).\n",
			100 * cost.median, cost.pair_cnt, 100 * cost.lower,
			100 * cost.upper);
	return ret;
}

static int print_report(FILE *out, const void *array)
{
	const json_t *cells = array;
	size_t cnt = json_array_size(cells);
	json_t **cell = calloc(cnt + 1, sizeof(*cell));
	int ret;

	if (!cell)
		return -ENOMEM;
	for (size_t i = 0; i < cnt; i++)
		cell[i] = json_array_get(cells, i);
	ret = workload_report_print(out, cell, cnt);
	free(cell);
	return ret ? ret : print_oracle_cost(out, cells);
}

static int print_json(FILE *out, const void *array)
{
	return json_dumpf(array, out, JSON_INDENT(1)) ? -ENOMEM : 0;
}

static int deliver(const struct options *opt, const json_t *cells)
{
	const struct output_result result = {
		.name = "epochbench: workload",
		.path = opt->output,
		.records = json_lines_write,
		.tables = opt->json ? print_json : print_report,
		.arg = cells,
	};

	return output_deliver(&result);
}

static int run(const struct options *opt)
{
	json_t *cells = json_array();
	int ret = opt->output ? output_check(opt->output) : 0, status;

	if (ret) {
		output_complain("epochbench: workload", opt->output, ret);
		json_decref(cells);
		return STATUS_USAGE;
	}
	status = view_check("epochbench: workload",
			    opt->json ? print_json : workload_table_heads,
			    cells);
	if (status) {
		json_decref(cells);
		return status;
	}
	sweep_leftovers();
	status = conduct_run(&opt->conduct, cells);
	output_until_signal(child_interrupted());
	if (json_array_size(cells) && deliver(opt, cells))
		status = STATUS_FAILED;
	json_decref(cells);
	return status;
}

/* Here, -w names workloads. */
static const struct argp_child children[] = { { &view_argp_long, 0, NULL, 0 },
					      { 0 } };

int cmd_workload(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .doc = doc,
				   .children = children,
				   .help_filter = add_names };
	static struct options opt;

	opt = (struct options){
		.conduct = { .plan = { .run_ns = 1100000000ULL, .rounds = 3 },
			     .tree = "/usr/include" },
	};
	workload_default_cpus(&opt.conduct);
	options_parse(&argp, argc, argv, &opt);
	return opt.list ? list_all() : run(&opt);
}
