// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochctl.c - look at live FUSE mounts and make their caches stale, whoever
 * serves them: the table of subcommands.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "bench/lib/status.h"
#include "bench/lib/version.h"

static const struct {
	const char *name, *full_name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "list", "epochctl list", ctl_list,
	  "FUSE mounts: connection, daemon, epochs, what lies beneath" },
	{ "bump", "epochctl bump", ctl_bump,
	  "make all cached names of a mount stale" },
	{ "inval", "epochctl inval", ctl_inval,
	  "the same for single entries or inodes" },
};

#define COMMAND_CNT (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	fputs("Usage: epochctl COMMAND [OPTION...]\n"
	      "Make the cache of a live FUSE mount stale, whoever serves it.\n"
	      "\n",
	      out);
	for (size_t i = 0; i < COMMAND_CNT; i++)
		fprintf(out, "  %-6s %s\n", commands[i].name, commands[i].help);
	fputs("\nExamples:\n"
	      "  epochctl list\n"
	      "  epochctl bump /mnt/data\n"
	      "  epochctl inval /mnt/data some/file\n\n"
	      "`epochctl COMMAND --help` says more about each.\n"
	      "Exit status: 0 ok, 1 failed, 2 bad usage, 77 this kernel "
	      "can't.\n",
	      out);
}

/* What couldn't be written is a failure, too. */
static int finish(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	ctl_say("can't write: %s", strerror(errno));
	return ret ? ret : STATUS_FAILED;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	argp_err_exit_status = STATUS_USAGE;
	for (size_t i = 0; i < COMMAND_CNT; i++) {
		if (strcmp(commands[i].name, name))
			continue;
		argv[1] = (char *)commands[i].full_name;
		return finish(commands[i].run(argc - 1, argv + 1));
	}
	if (!strcmp(name, "-h") || !strcmp(name, "--help") ||
	    !strcmp(name, "-?") || !strcmp(name, "help")) {
		usage(stdout);
		return finish(0);
	}
	if (!strcmp(name, "--version")) {
		printf("epochctl %s\n", version());
		return finish(0);
	}
	if (*name)
		ctl_say("there is no command '%s'", name);
	usage(stderr);
	return STATUS_USAGE;
}
