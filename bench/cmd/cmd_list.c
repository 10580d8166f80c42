// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_list.c - `epochbench list`: the names of all cases, methods, ...
 */
#include <stdio.h>

#include "cmd.h"
#include "names.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/run/suite.h"
#include "bench/workload/programs.h"

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "it takes no arguments: '%s'", arg);
	return 0;
}

static const struct argp argp = {
	.parser = parse_opt,
	.doc = "Lists the cases, methods, shapes, suites, hazards and "
	       "workloads of epochbench.\v"
	       "Whether the running kernel offers a method is found out by "
	       "trying it, when a run begins.\n\n"
	       "Examples:\n"
	       "  epochbench list\n\n"
	       "Exit status: 0 ok, 1 failed, 2 bad usage.",
};

static const struct {
	const char *title;
	options_text_fn *name, *help;
} lists[] = {
	{ "Cases (-c)", names_case, names_case_help },
	{ "Methods (-m)", names_method, names_method_help },
	{ "Shapes (-s)", names_shape, names_shape_help },
	{ "Suites (--suite)", suite_name, names_suite_help },
	{ "Hazards (hazards --only)", names_hazard, names_hazard_help },
	{ "Workloads (workload -w)", workload_name, names_workload_help },
};

int cmd_list(int argc, char **argv)
{
	options_parse(&argp, argc, argv, NULL);
	for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
		printf("%s%s:\n", l ? "\n" : "", lists[l].title);
		for (size_t i = 0; lists[l].name(i); i++)
			printf("  %-17s %s\n", lists[l].name(i),
			       lists[l].help(i));
	}
	return STATUS_OK;
}
