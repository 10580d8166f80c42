// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochctl.c - look at live FUSE mounts and make their caches stale, whoever
 * serves them: the table of subcommands.
 */
#include "ctl.h"
#include "bench/lib/options.h"

static const struct command commands[] = {
	{ "list", ctl_list,
	  "FUSE mounts: connection, daemon, epochs, what lies beneath" },
	{ "bump", ctl_bump, "make all cached names of a mount stale" },
	{ "expire", ctl_expire,
	  "have all names below asked for again, gently" },
	{ "inval", ctl_inval, "the same for single entries or inodes" },
	{ 0 }
};

static const struct program program = {
	.name = "epochctl",
	.doc = "Make the cache of a live FUSE mount stale, whoever serves "
	       "it.\v"
	       "Examples:\n"
	       "  epochctl list\n"
	       "  epochctl bump /mnt/data\n"
	       "  epochctl expire /mnt/data some/folder\n"
	       "  epochctl inval /mnt/data some/file\n"
	       "  epochctl help inval\n\n"
	       "Exit status: 0 ok, 1 failed, 2 bad usage, 77 this kernel "
	       "can't.",
	.commands = commands,
};

int main(int argc, char **argv)
{
	return options_run_command(&program, argc, argv);
}
