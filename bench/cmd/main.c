// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - the table of subcommands.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "bench/lib/status.h"
#include "bench/lib/version.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "list", cmd_list, "cases, methods, shapes, suites, hazards" },
	{ "run", cmd_run, "measure, print the tables, write the records" },
	{ "report", cmd_report, "print the tables of records" },
	{ "compare", cmd_compare, "is one side slower than the other?" },
	{ "hazards", cmd_hazards, "what each method does here, and breaks" },
	{ "workload", cmd_workload, "real programs while a tree gets stale" },
	{ "merge", cmd_merge, "make one run of runs that took turns" },
	{ "profile", cmd_profile, "which functions spend the instructions" },
	{ "gate", cmd_gate, "judge instruction counts by a baseline" },
};

#define COMMAND_CNT (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	fputs("Usage: epochbench COMMAND [OPTION...]\n"
	      "What does it cost to make a cached FUSE tree stale?\n\n",
	      out);
	for (size_t i = 0; i < COMMAND_CNT; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\nExamples:\n"
	      "  epochbench run -n 100k -m epoch,inval_entry\n"
	      "  epochbench run --suite quick -o results/mine.jsonl\n"
	      "  epochbench report results/mine.jsonl\n\n"
	      "`epochbench COMMAND --help` says more about each.\n"
	      "Exit status: 0 ok, 1 failed, 2 unusable input, 77 nothing to do "
	      "here; compare: 3 slower.\n",
	      out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < COMMAND_CNT; i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(name, "-h") || !strcmp(name, "--help") ||
	    !strcmp(name, "help")) {
		usage(stdout);
		return 0;
	}
	if (!strcmp(name, "--version")) {
		printf("epochbench %s\n", version());
		return 0;
	}
	if (*name)
		fprintf(stderr, "epochbench: there is no command '%s'\n\n",
			name);
	usage(stderr);
	return STATUS_USAGE;
}
