// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_run.c - options of `epochbench run`, made into a plan.  A third of it is the
 * table of them and the help.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/run/case.h"
#include "bench/run/case_daemon.h"
#include "cmd.h"
#include "daemon_options.h"
#include "names.h"
#include "bench/run/run.h"
#include "bench/lib/sizes.h"
#include "bench/lib/view.h"
#include "bench/lib/clock.h"
#include "bench/lib/options.h"
#include "bench/run/suite.h"

#define LIST_MAX 32
#define THREADS_MAX 64
#define ROUNDS_MAX 10000
/* Of a daemon that we don't know, which may need long to start. */
#define DAEMON_ROUNDS 5
/* Nothing times out while it is measured. */
#define TIMEOUT_S 86400.0

enum {
	OPT_CLOCK = 256,
	OPT_CPUS,
	OPT_DELAY,
	OPT_MOUNTPOINT,
	OPT_POPULATE,
	OPT_SUITE,
	OPT_SYMBOLS,
	OPT_TIMEOUT,
	OPT_TRACE
};

static const struct argp_option options[] = {
	{ "names", 'n', "N,...", 0, "Names in the tree (1k,100k)", 1 },
	{ "files", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ "method", 'm', "METHOD,...", 0, "Methods, or all", 1 },
	{ "case", 'c', "CASE,...", 0, "Cases, or all (invalidate)", 1 },
	{ "shape", 's', "SHAPE,...", 0, "Shapes, or all (wide)", 1 },
	{ "populate", OPT_POPULATE, "HOW", 0,
	  "How names get cached (readdirplus)", 1 },
	{ NULL, 'p', NULL, OPTIONS_OLD, NULL, 0 },
	{ "suite", OPT_SUITE, "NAME", 0,
	  "A ready plan, instead of the options above", 1 },
	{ "rounds", 'r', "N", 0,
	  "How often each variant is measured; by size unless given (15 up to "
	  "10k, 5 up to 100k, else 3)",
	  2 },
	{ "runs", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ "clock", OPT_CLOCK, "UNIT", 0,
	  "Count costs in this unit (ns); instructions only in a guest of "
	  "the suite's vm --icount",
	  2 },
	{ "threads", 't', "N", 0, "Notifying threads (1)", 2 },
	{ "cpus", OPT_CPUS, "LIST", 0,
	  "CPU of the driver, then those of the daemon (one for both)", 2 },
	{ "output", 'o', "FILE", 0,
	  "Write the records to FILE, as JSON Lines; - is stdout", 3 },
	{ "symbols", OPT_SYMBOLS, "FILE", 0,
	  "Write to FILE what `epochbench profile` needs to name addresses",
	  3 },
	{ "mountpoint", OPT_MOUNTPOINT, "DIR", 0,
	  "Mount on this empty directory (one below /run)", 3 },
	{ "trace", OPT_TRACE, NULL, 0,
	  "Attach the tracer: what the kernel did in each phase, beside what "
	  "the daemon saw (times include its cost)",
	  3 },
	{ "delay", OPT_DELAY, "OPCODE=TIME", 0,
	  "Hold each such request back (LOOKUP=10ms), while others go on; may "
	  "be repeated",
	  4 },
	{ "timeout", OPT_TIMEOUT, "TIME", 0,
	  "Timeout of entries and attributes (one day; 0: the cache stays "
	  "cold)",
	  4 },
	{ 0 }
};

static const char doc[] =
	"Makes a synthetic FUSE tree stale by each method, in interleaved "
	"rounds, and measures who pays what.\v"
	"Examples:\n"
	"  epochbench run -n 100k -m epoch,inval_entry\n"
	"  epochbench run -n 1M -m all -r 3 -o mine.jsonl\n"
	"  epochbench run -c populate -n 1M\n"
	"  epochbench run -s deep -n 10k --cpus 0,1\n"
	"  epochbench run --suite quick -o mine.jsonl\n"
	"  epochbench run --daemon 'bindfs {source} {mount}'\n\n"
	"N takes the suffixes k and M.  `epochbench list` says more about "
	"cases, methods, shapes and suites.  Control-C ends a run cleanly and "
	"keeps the "
	"samples that it has.\n\n"
	"Exit status: 0 ok, 1 a variant failed, 2 bad usage, or too many names "
	"for this machine's memory, 77 nothing that was asked for can be run "
	"here: without root, /dev/fuse or the method.";

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	switch (key) {
	case 'c':
		return options_list(text, names_case);
	case 'm':
		return options_list(text, names_method);
	case 's':
		return options_list(text, names_shape);
	case OPT_POPULATE:
		return options_list(text, names_populate);
	case OPT_SUITE:
		return options_list(text, suite_name);
	case OPT_CLOCK:
		return options_list(text, clock_unit_name);
	default:
		return (char *)text;
	}
}

struct options {
	const char *n, *methods, *bcase, *shape, *populate, *suite;
	uint64_t rounds, threads;
	struct run_config *cfg;
};

static uint64_t parse_count(struct argp_state *state, const char *what,
			    const char *text, uint64_t max)
{
	uint64_t value;
	int err = size_parse(text, 1, max, &value);

	if (err)
		argp_error(state, "%s '%s' %s (1 to %llu)", what, text,
			   err == -ERANGE ? "is out of range"
					  : "is no whole number",
			   (unsigned long long)max);
	return value;
}

static void parse_cpus(struct argp_state *state, const char *text,
		       struct run_config *cfg)
{
	uint64_t cpu[LIST_MAX];
	const char *bad;
	int cnt =
		size_parse_list(text, 0, CPU_SETSIZE - 1, cpu, LIST_MAX, &bad);
	cpu_set_t allowed;

	if (cnt < 0)
		argp_error(state, "'%s' is no list of CPUs (0,1)", text);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int i = 0; i < cnt; i++)
		if (!CPU_ISSET(cpu[i], &allowed))
			argp_error(state, "CPU %d is not available here",
				   (int)cpu[i]);
	CPU_ZERO(&cfg->daemon_cpus);
	cfg->driver_cpu = (int)cpu[0];
	for (int i = cnt > 1; i < cnt; i++)
		CPU_SET(cpu[i], &cfg->daemon_cpus);
	snprintf(cfg->cpus, sizeof(cfg->cpus), "%s", text);
}

/* The last CPU: the first is where interrupts usually go. */
static void default_cpus(struct run_config *cfg)
{
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &allowed))
			cfg->driver_cpu = i;
	CPU_ZERO(&cfg->daemon_cpus);
	CPU_SET(cfg->driver_cpu, &cfg->daemon_cpus);
	snprintf(cfg->cpus, sizeof(cfg->cpus), "%d", cfg->driver_cpu);
}

static void parse_delay(struct argp_state *state, const char *text,
			struct run_config *cfg)
{
	const char *equals = strchr(text, '=');
	uint64_t delay_ns = 0;
	char name[32] = "";
	int op = -1;

	if (equals && equals - text < (long)sizeof(name)) {
		memcpy(name, text, (size_t)(equals - text));
		op = opcode_by_name(name);
	}
	if (op < 0 || duration_parse(equals + 1, &delay_ns))
		argp_error(state, "'%s' is no delay (LOOKUP=10ms)", text);
	cfg->delay_ns[op] = delay_ns;
}

/* Sizes of -n, each once: two groups alike would be mixed up in the report. */
static unsigned int parse_sizes(struct argp_state *state, const char *text,
				uint64_t *n)
{
	const char *bad = "";
	int cnt = size_parse_list(text, 1, TREE_N_MAX, n, LIST_MAX, &bad);
	unsigned int kept = 0;

	if (cnt < 0)
		argp_error(state, "-n '%s': %s (1 to %llu, with suffix k or M)",
			   bad,
			   cnt == -ERANGE  ? "out of range"
			   : cnt == -E2BIG ? "too many"
					   : "no whole number",
			   (unsigned long long)TREE_N_MAX);
	for (int i = 0; i < cnt; i++) {
		bool twice = false;

		for (unsigned int k = 0; k < kept; k++)
			twice |= n[k] == n[i];
		if (!twice)
			n[kept++] = n[i];
	}
	return kept;
}

/* Adds the groups of one row: cases by shapes by sizes. */
static void plan_row(struct argp_state *state, const struct suite_row *row,
		     uint64_t threads, struct run_config *cfg)
{
	unsigned int cases[LIST_MAX], shapes[LIST_MAX], case_cnt, shape_cnt,
		n_cnt;
	int populate = options_find(names_populate, row->populate);
	uint64_t n[LIST_MAX];

	case_cnt = options_pick(state, row->bcase, "case", names_case, cases,
				LIST_MAX);
	shape_cnt = options_pick(state, row->shape, "shape", names_shape,
				 shapes, LIST_MAX);
	n_cnt = parse_sizes(state, row->n, n);
	if (populate < 0)
		argp_error(state, "cannot populate by '%s'", row->populate);
	for (unsigned int i = 0; i < case_cnt * shape_cnt * n_cnt; i++) {
		struct run_group *g = &cfg->group[cfg->group_cnt];

		if (cfg->group_cnt++ == RUN_GROUPS_MAX)
			argp_error(state, "too many combinations at once");
		g->bcase = run_is_theirs(cfg)
				   ? &case_daemon
				   : __start_bench_cases[cases[i / n_cnt /
							       shape_cnt]];
		g->tree.shape = shapes[i / n_cnt % shape_cnt];
		g->tree.n = n[i % n_cnt];
		/* READDIRPLUS can't bring what isn't there. */
		g->populate = g->tree.shape == SHAPE_NEGATIVE
				      ? POPULATE_LOOKUP
				      : (enum populate)populate;
		g->threads = (unsigned int)threads;
		g->rounds = row->rounds ? row->rounds
					: run_default_rounds(g->tree.n);
		g->method_cnt = options_pick(
			state, row->methods ? row->methods : g->bcase->methods,
			"method", names_method, g->method, RUN_METHODS_MAX - 1);
		if (cfg->theirs.notify)
			g->method[g->method_cnt++] = inval_own;
	}
}

static void make_plan(struct argp_state *state, const struct options *o)
{
	bool theirs = run_is_theirs(o->cfg);
	struct suite_row row = {
		.bcase = o->bcase ? o->bcase : "invalidate",
		.shape = o->shape ? o->shape : "wide",
		.n = o->n     ? o->n
		     : theirs ? "10k"
			      : "1k,100k",
		.methods = o->methods ? o->methods : daemon_methods(o->cfg),
		.populate = o->populate ? o->populate : "readdirplus",
		.rounds = !theirs || o->rounds ? (unsigned int)o->rounds
					       : DAEMON_ROUNDS
	};

	if (theirs && (o->bcase || o->suite || o->threads != 1 ||
		       o->cfg->timeout_s != TIMEOUT_S))
		argp_error(state, "a daemon of yours is measured: leave out "
				  "-c, -t, --suite and --timeout");
	if (theirs)
		daemon_check(state, o->cfg, row.shape);
	if (!o->suite) {
		plan_row(state, &row, o->threads, o->cfg);
		return;
	}
	if (o->n || o->methods || o->bcase || o->shape || o->populate)
		argp_error(state, "--suite is a plan of its own: leave out -n, "
				  "-m, -c, -s and --populate");
	if (!suite_help(o->suite))
		argp_error(state, "no suite is called '%s'", o->suite);
	for (unsigned int i = 0; i < suite_row_cnt; i++) {
		row = suite_rows[i];
		if (o->rounds)
			row.rounds = (unsigned int)o->rounds;
		if (!strcmp(row.suite, o->suite))
			plan_row(state, &row, o->threads, o->cfg);
	}
	o->cfg->suite = true;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	uint64_t timeout_ns;

	switch (key) {
	case 'n':
		o->n = arg;
		break;
	case 'm':
		o->methods = arg;
		break;
	case 'c':
		o->bcase = arg;
		break;
	case 's':
		o->shape = arg;
		break;
	case OPT_POPULATE:
	case 'p':
		o->populate = arg;
		break;
	case OPT_SUITE:
		o->suite = arg;
		break;
	case 'r':
		o->rounds = parse_count(state, "-r", arg, ROUNDS_MAX);
		break;
	case 't':
		o->threads = parse_count(state, "-t", arg, THREADS_MAX);
		break;
	case OPT_CLOCK:
		o->cfg->clock = arg;
		if (options_find(clock_unit_name, arg) < 0)
			argp_error(state, "no clock counts '%s': see --help",
				   arg);
		break;
	case OPT_CPUS:
		parse_cpus(state, arg, o->cfg);
		break;
	case 'o':
		o->cfg->output = arg;
		break;
	case OPT_SYMBOLS:
		o->cfg->symbols = arg;
		break;
	case OPT_MOUNTPOINT:
		o->cfg->mountpoint = arg;
		break;
	case OPT_DELAY:
		parse_delay(state, arg, o->cfg);
		break;
	case OPT_TIMEOUT:
		if (duration_parse(arg, &timeout_ns))
			argp_error(state, "'%s' is no time (10s)", arg);
		o->cfg->timeout_s = (double)timeout_ns / 1e9;
		break;
	case OPT_TRACE:
		o->cfg->trace = true;
		break;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cfg->theirs;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "what is '%s'?  All is said by options", arg);
		break;
	case ARGP_KEY_END:
		make_plan(state, o);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &daemon_argp, 0, NULL, 0 },
					      VIEW_CHILD,
					      { 0 } };

int cmd_run(int argc, char **argv)
{
	static const struct argp argp = { .options = options,
					  .parser = parse_opt,
					  .doc = doc,
					  .children = children,
					  .help_filter = add_names };
	static struct run_config cfg;
	struct options o = { .threads = 1, .cfg = &cfg };

	cfg = (struct run_config){ .timeout_s = TIMEOUT_S };
	default_cpus(&cfg);
	options_parse(&argp, argc, argv, &o);
	return run_all_groups(&cfg);
}
