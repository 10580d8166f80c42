// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - the table of subcommands.
 */
#include "cmd.h"
#include "bench/lib/options.h"

static const struct command commands[] = {
	{ "list", cmd_list, "cases, methods, shapes, suites, hazards" },
	{ "run", cmd_run, "measure, print the tables, write the records" },
	{ "report", cmd_report, "print the tables of records" },
	{ "compare", cmd_compare, "is one side slower than the other?" },
	{ "hazards", cmd_hazards, "what each method does here, and breaks" },
	{ "workload", cmd_workload, "real programs while a tree gets stale" },
	{ "merge", cmd_merge, "make one run of runs that took turns" },
	{ "profile", cmd_profile, "which functions spend the instructions" },
	{ "gate", cmd_gate, "judge instruction counts by a baseline" },
	{ "wire", cmd_wire, "what a FUSE daemon answers, by a trace of it" },
	{ 0 }
};

static const struct program program = {
	.name = "epochbench",
	.doc = "What does it cost to make a cached FUSE tree stale?\v"
	       "Examples:\n"
	       "  epochbench run -n 100k -m epoch,inval_entry\n"
	       "  epochbench run --suite quick -o mine.jsonl\n"
	       "  epochbench report mine.jsonl\n"
	       "  epochbench help run\n\n"
	       "Exit status: 0 ok, 1 failed, 2 bad usage or unusable input, "
	       "3 slower or a regression (compare, gate), 77 nothing to do "
	       "here.",
	.commands = commands,
};

int main(int argc, char **argv)
{
	return options_run_command(&program, argc, argv);
}
