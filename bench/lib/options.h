/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the face of all programs and commands: how a user asks them for
 * help and version, and how they complain of a wrong call.
 */
#ifndef FUSE_EPOCH_LIB_OPTIONS_H
#define FUSE_EPOCH_LIB_OPTIONS_H

#include <argp.h>
#include <stddef.h>

/*
 * output_begin() and argp_parse() for all of them.  -h, -?, --help, --usage, -V and --version are
 * answered on stdout and end the program with status 0.  A mistake is told on
 * stderr, with a pointer to --help, and ends it with STATUS_USAGE.  So this
 * returns only if there is something to do.
 */
void options_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * Flags of an option that follows another: an old word for it, which is taken,
 * but not shown.
 */
#define OPTIONS_OLD (OPTION_ALIAS | OPTION_HIDDEN)

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

/* The number of that name, in whatever case; -1 if there is none. */
int options_find(options_text_fn *name, const char *text);

/*
 * The same, but a mistake ends the program, with a sentence about that kind of
 * thing: "no format is called 'x'".
 */
size_t options_pick_one(struct argp_state *state, const char *text,
			const char *kind, options_text_fn *name);

/*
 * "epoch,inval_entry", or "all", to their numbers, each once and in that order,
 * at most max of them.  Returns how many, which is not 0.
 */
size_t options_pick(struct argp_state *state, const char *text,
		    const char *kind, options_text_fn *name, unsigned int *out,
		    size_t max);

/*
 * For an argp's help_filter, so that no list in a help text is typed by hand:
 * "TEXT: NAME, NAME, ...".  From malloc(), or the text itself.
 */
char *options_list(const char *text, options_text_fn *name);

/* The same with a line for each: before, "  NAME  HELP"..., after. */
char *options_table(const char *before, options_text_fn *name,
		    options_text_fn *help, const char *after);

#endif
