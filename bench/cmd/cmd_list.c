// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "bench/run/case.h"
#include "cmd.h"
#include "bench/hazards/hazard.h"
#include "bench/inval/inval.h"
#include "bench/run/suite.h"
#include "bench/lib/options.h"
#include "bench/lib/tree.h"
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

int cmd_list(int argc, char **argv)
{
	const char *last = "";

	options_parse(&argp, argc, argv, NULL);
	puts("Cases (-c):");
	bench_for_each_case (c)
		printf("  %-17s %s\n", (*c)->table.name, (*c)->help);
	puts("\nMethods (-m):");
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		printf("  %-17s %s\n", inval_methods[i].name,
		       inval_methods[i].help);
	puts("\nShapes (-s):");
	for (int i = 0; i < SHAPE_MAX; i++)
		printf("  %-17s %s\n", shape_name(i), shape_help(i));
	puts("\nSuites (--suite):");
	for (unsigned int i = 0; i < suite_row_cnt; i++) {
		if (strcmp(last, suite_rows[i].suite))
			printf("  %-17s %s\n", suite_rows[i].suite,
			       suite_help(suite_rows[i].suite));
		last = suite_rows[i].suite;
	}
	puts("\nHazards (hazards --only):");
	for (unsigned int i = 0; i < hazard_cnt; i++)
		printf("  %-17s %s\n", hazards[i]->name, hazards[i]->title);
	puts("\nWorkloads (workload -w):");
	for (unsigned int i = 0; i < workload_cnt; i++)
		printf("  %-17s %s\n", workloads[i].name, workloads[i].help);
	return 0;
}
