// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_workload.c - `epochbench workload`: what real programs on a tree of real
 * files feel of it, while a method invalidates at a rate.
 */
#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "hazards/records.h"
#include "mount.h"
#include "param.h"
#include "report.h"
#include "sizes.h"
#include "workload/conduct.h"
#include "workload/methods.h"
#include "workload/programs.h"
#if __has_include("workload/report.h")
#include "workload/report.h"
#define HAS_REPORT 1
#endif

enum { EXIT_UNUSABLE = 2 };

#define RATE_MAX_HZ 1000.0
#define RATE_MIN_HZ 0.01
#define RUN_MAX_S 3600.0
#define ROUNDS_MAX 1000

enum {
	OPT_RATES = 256,
	OPT_SECONDS,
	OPT_TREE,
	OPT_ROUNDS,
	OPT_TIMELINE,
	OPT_LIST,
	OPT_CPUS,
	OPT_NO_ORACLE,
	OPT_SWALLOW
};

static const struct argp_option options[] = {
	{ "workload", 'w', "NAME,...", 0, "workloads, or all (the default)",
	  1 },
	{ "method", 'm', "METHOD[:changed],...", 0,
	  "methods (epoch,inval_entry); :changed tells the kernel only what "
	  "changed, not all names",
	  1 },
	{ "rates", OPT_RATES, "N,...", 0,
	  "events per second (0.1,1,10,100); the control, 0, is always there",
	  1 },
	{ "timeline", OPT_TIMELINE, NULL, 0,
	  "only the dip and the recovery after one event", 1 },
	{ "tree", OPT_TREE, "DIR", 0,
	  "the directory that is copied and used (/usr/include)", 2 },
	{ "seconds", OPT_SECONDS, "S", 0,
	  "of each cell, or as long as an event needs (2)", 2 },
	{ "rounds", OPT_ROUNDS, "N", 0, "each cell so often (3)", 2 },
	{ "cpus", OPT_CPUS, "N,N", 0,
	  "CPU of the workloads, and that of daemon and all others (the first, "
	  "the last)",
	  2 },
	{ "output", 'o', "FILE", 0,
	  "write the records there as JSON Lines; - is stdout", 3 },
	{ "format", 'f', "FORMAT", 0, "text (default) or json", 3 },
	{ "list", OPT_LIST, NULL, 0, "show workloads and methods, run nothing",
	  3 },
	{ "help", 'h', NULL, 0, "Show this help", -1 },
	{ "no-oracle", OPT_NO_ORACLE, NULL, OPTION_HIDDEN,
	  "change nothing, check nothing: what does the oracle cost?", 4 },
	{ "swallow", OPT_SWALLOW, NULL, OPTION_HIDDEN,
	  "a daemon that notifies nobody: the oracle must see it", 4 },
	{ 0 }
};

static const char doc[] =
	"Runs real programs on a copy of a real directory, through a FUSE "
	"daemon of its own, while files change behind the mount and one method "
	"makes the kernel forget them, at a rate.  What is seen after a "
	"notification must be new: a stale answer makes the run fail."
	"\v"
	"Examples:\n"
	"  epochbench workload -o results/mine.jsonl\n"
	"  epochbench workload -w find,git -m epoch,inval_entry:changed "
	"--rates "
	"1,10\n"
	"  epochbench workload --timeline -m epoch,inval_entry,inval_inode\n"
	"  epochbench workload --tree ~/src/linux/include -w gcc --seconds 10\n"
	"  epochbench workload --list\n"
	"\n"
	"Without options it takes about ten minutes.  Control-C ends it and "
	"keeps the cells that it has.  Exit status: 0 ok, 1 a stale answer, a "
	"failure or interrupted, 2 bad usage, 77 nothing could be run here.";

struct options {
	struct conduct conduct;
	const char *workloads, *methods, *rates, *output;
	bool list, json, timeline;
};

static void parse_workloads(struct argp_state *state, const char *text,
			    struct plan *p)
{
	char *copy = strdup(text), *save = NULL;

	for (char *name = copy ? strtok_r(copy, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save)) {
		bool all = !strcmp(name, "all");
		int one = workload_by_name(name);

		if (!all && one < 0)
			argp_error(state,
				   "no workload is called '%s' (see "
				   "--list)",
				   name);
		for (unsigned int i = 0; i < workload_cnt; i++) {
			bool wanted = all || i == (unsigned int)one;

			for (unsigned int k = 0; k < p->workload_cnt; k++)
				wanted &= p->workload[k] != i;
			if (wanted)
				p->workload[p->workload_cnt++] = i;
		}
	}
	free(copy);
	if (!p->workload_cnt)
		argp_error(state, "name at least one workload");
}

static void parse_method(struct argp_state *state, char *name, struct plan *p)
{
	char *colon = strchr(name, ':');
	struct plan_method *m = &p->method[p->method_cnt];
	const char *why;
	int nr;

	if (p->method_cnt == PLAN_METHODS_MAX)
		argp_error(state, "too many methods at once");
	if (colon && strcmp(colon, ":changed") && strcmp(colon, ":all"))
		argp_error(state, "'%s' is neither :changed nor :all", colon);
	m->changed = colon && !strcmp(colon, ":changed");
	if (colon)
		*colon = '\0';
	nr = inval_by_name(name);
	if (nr < 0)
		argp_error(state, "no method is called '%s' (see --list)",
			   name);
	why = method_unfit(&inval_methods[nr]);
	if (why)
		argp_error(state, "%s can't: it %s", name, why);
	if (m->changed && inval_methods[nr].names_all)
		argp_error(state, "%s is about all names: leave out :changed",
			   name);
	m->method = (unsigned int)nr;
	for (unsigned int i = 0; i < p->method_cnt; i++)
		if (p->method[i].method == m->method &&
		    p->method[i].changed == m->changed)
			return;
	p->method_cnt++;
}

static void parse_methods(struct argp_state *state, const char *text,
			  struct plan *p)
{
	char *copy = strdup(text), *save = NULL;

	for (char *name = copy ? strtok_r(copy, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save))
		parse_method(state, name, p);
	free(copy);
	if (!p->method_cnt)
		argp_error(state, "name at least one method");
}

static void parse_rates(struct argp_state *state, const char *text,
			struct plan *p)
{
	char *copy = strdup(text), *save = NULL, *end;

	for (char *item = copy ? strtok_r(copy, ",", &save) : NULL; item;
	     item = strtok_r(NULL, ",", &save)) {
		double hz = strtod(item, &end);

		if (end == item || *end ||
		    !(hz == 0 || (hz >= RATE_MIN_HZ && hz <= RATE_MAX_HZ)))
			argp_error(state, "'%s' is no rate from %g to %g", item,
				   RATE_MIN_HZ, RATE_MAX_HZ);
		if (p->rate_cnt == PLAN_RATES_MAX)
			argp_error(state, "too many rates at once");
		if (hz > 0) /* 0 is the control */
			p->rate_hz[p->rate_cnt++] = hz;
	}
	free(copy);
}

static void parse_seconds(struct argp_state *state, const char *text,
			  struct plan *p)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 0.1 && s <= RUN_MAX_S))
		argp_error(state, "'%s' is no number of seconds from 0.1 to %g",
			   text, RUN_MAX_S);
	p->run_ns = (uint64_t)(s * 1e9);
}

static void parse_cpus(struct argp_state *state, const char *text,
		       struct conduct *c)
{
	uint64_t cpu[2];
	const char *bad;
	int cnt = size_parse_list(text, 0, CPU_SETSIZE - 1, cpu, 2, &bad);
	cpu_set_t allowed;

	if (cnt < 1)
		argp_error(state, "'%s' is no list of one or two CPUs (0,1)",
			   text);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int i = 0; i < cnt; i++)
		if (!CPU_ISSET(cpu[i], &allowed))
			argp_error(state, "CPU %d is not available here",
				   (int)cpu[i]);
	c->workload_cpu = (int)cpu[0];
	c->daemon_cpu = (int)cpu[cnt - 1];
	snprintf(c->cpus, sizeof(c->cpus), "%s", text);
}

static void default_cpus(struct conduct *c)
{
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	c->workload_cpu = -1;
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &allowed))
			continue;
		if (c->workload_cpu < 0)
			c->workload_cpu = i;
		c->daemon_cpu = i;
	}
	snprintf(c->cpus, sizeof(c->cpus), "%d,%d", c->workload_cpu,
		 c->daemon_cpu);
}

static void make_plan(struct argp_state *state, struct options *opt)
{
	struct plan *p = &opt->conduct.plan;

	parse_workloads(state, opt->workloads ? opt->workloads : "all", p);
	parse_methods(state, opt->methods ? opt->methods : "epoch,inval_entry",
		      p);
	parse_rates(state, opt->rates ? opt->rates : "0.1,1,10,100", p);
	p->cells = !opt->timeline;
	p->timelines = opt->timeline;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;
	struct conduct *c = &opt->conduct;
	uint64_t rounds;

	switch (key) {
	case 'w':
		opt->workloads = arg;
		break;
	case 'm':
		opt->methods = arg;
		break;
	case OPT_RATES:
		opt->rates = arg;
		break;
	case OPT_TIMELINE:
		opt->timeline = true;
		break;
	case OPT_TREE:
		c->tree = arg;
		break;
	case OPT_SECONDS:
		parse_seconds(state, arg, &c->plan);
		break;
	case OPT_ROUNDS:
		if (size_parse(arg, 1, ROUNDS_MAX, &rounds))
			argp_error(state, "'%s' is no number from 1 to %d", arg,
				   ROUNDS_MAX);
		c->plan.rounds = (unsigned int)rounds;
		break;
	case OPT_CPUS:
		parse_cpus(state, arg, c);
		break;
	case OPT_NO_ORACLE:
		c->no_oracle = true;
		break;
	case OPT_SWALLOW:
		c->swallow = true;
		break;
	case OPT_LIST:
		opt->list = true;
		break;
	case 'o':
		opt->output = arg;
		break;
	case 'f':
		opt->json = !strcmp(arg, "json");
		if (!opt->json && strcmp(arg, "text"))
			argp_error(state, "unknown format '%s': text or json",
				   arg);
		break;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
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
		printf("  %-16s %s\n", workloads[i].name, workloads[i].help);
	printf("\nMethods:\n");
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		if (!method_unfit(&inval_methods[i]))
			printf("  %-16s %s\n", inval_methods[i].name,
			       inval_methods[i].help);
	printf("\nOthers can't:\n");
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		if (method_unfit(&inval_methods[i]))
			printf("  %-16s %s\n", inval_methods[i].name,
			       method_unfit(&inval_methods[i]));
	return 0;
}

static int print(const struct options *opt, json_t *cells)
{
	int ret = 0;

	if (opt->json)
		ret = json_dumpf(cells, stdout, JSON_INDENT(1)) ? -EIO : 0;
#ifdef HAS_REPORT
	else {
		size_t cnt = json_array_size(cells);
		json_t **cell = calloc(cnt + 1, sizeof(*cell));

		for (size_t i = 0; cell && i < cnt; i++)
			cell[i] = json_array_get(cells, i);
		ret = cell ? workload_report_print(stdout, cell, cnt) : -ENOMEM;
		free(cell);
	}
#endif
	return ret;
}

static int run(const struct options *opt)
{
	bool to_stdout = opt->output && !strcmp(opt->output, "-");
	json_t *cells = json_array();
	int ret = opt->output ? records_writable(opt->output) : 0, status;

	if (ret) {
		fprintf(stderr, "epochbench: workload: cannot write %s: %s\n",
			opt->output, strerror(-ret));
		json_decref(cells);
		return EXIT_UNUSABLE;
	}
	mount_sweep();
	param_sweep();
	status = conduct_run(&opt->conduct, cells);
	if (opt->output && json_array_size(cells))
		ret = records_write(cells, opt->output);
	if (!ret && !to_stdout && json_array_size(cells))
		ret = print(opt, cells);
	if (ret) {
		fprintf(stderr, "epochbench: workload: %s\n", strerror(-ret));
		status = EXIT_FAILURE;
	}
	json_decref(cells);
	return status;
}

int cmd_workload(int argc, char **argv)
{
	static char name[] = "epochbench workload";
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .doc = doc };
	static struct options opt = {
		.conduct = { .plan = { .run_ns = 2000000000ULL, .rounds = 3 },
			     .tree = "/usr/include" },
	};

	argv[0] = name;
	argp_err_exit_status = EXIT_UNUSABLE;
	default_cpus(&opt.conduct);
	/* No built-in help: it would claim -? but not -h. */
	if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &opt))
		return EXIT_UNUSABLE;
	return opt.list ? list_all() : run(&opt);
}
