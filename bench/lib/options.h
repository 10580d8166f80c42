/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the face that all programs and commands have: how they are asked
 * for help and version, and how they say that they were called wrongly.
 */
#ifndef FUSE_EPOCH_LIB_OPTIONS_H
#define FUSE_EPOCH_LIB_OPTIONS_H

#include <argp.h>
#include <stddef.h>

/*
 * argp_parse() for all of them.  -h, -?, --help, --usage, -V and --version are
 * answered on stdout and end the program with status 0.  A mistake is told on
 * stderr, with a pointer to --help, and ends it with STATUS_USAGE.  So this
 * returns only if there is something to do.
 */
void options_parse(const struct argp *argp, int argc, char **argv, void *input);

struct command {
	const char *name;
	/* argv[0] is "PROGRAM NAME".  Returns an exit status. */
	int (*run)(int argc, char **argv);
	const char *help; /* half a line, for the program's list */
};

/* A program of several commands. */
struct program {
	const char *name;
	const char
		*doc; /* as argp's: what follows a \v comes after the options */
	const struct command *commands; /* ends with no name */
};

/*
 * Runs the command that the arguments name, or helps: `PROGRAM help COMMAND` is
 * `PROGRAM COMMAND --help`.  Returns the exit status: that of the command, or
 * STATUS_FAILED if what it printed couldn't be written.
 */
int options_run_command(const struct program *p, int argc, char **argv);

/* A text about number i of something, NULL after the last. */
typedef const char *options_text_fn(size_t i);

/*
 * For an argp's help_filter, so that no list in a help text is typed by hand:
 * "TEXT: NAME, NAME, ...".  From malloc(), or the text itself.
 */
char *options_list(const char *text, options_text_fn *name);

/* The same with a line for each: before, "  NAME  HELP"..., after. */
char *options_table(const char *before, options_text_fn *name,
		    options_text_fn *help, const char *after);

#endif
