// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "status.h"
#include "text.h"
#include "version.h"

enum { OPT_USAGE = 256 };

/* To exit is left to finish(). */
#define HELP (ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK)

static const struct argp_option common_options[] = {
	{ "help", 'h', NULL, 0, "Show this help", -1 },
	{ NULL, '?', NULL, OPTION_ALIAS, NULL, 0 },
	{ "usage", OPT_USAGE, NULL, 0, "Show the options in short", 0 },
	{ "version", 'V', NULL, 0, "Show the version", 0 },
	{ 0 }
};

/* Of a command, the version is its program's. */
static void show_version(const char *name)
{
	printf("%.*s %s\n", (int)strcspn(name, " "), name, version());
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	/* All at once, or argp forgets why the first part couldn't be written. */
	static char text[1 << 16];

	(void)arg;
	switch (key) {
	case 'h':
	case '?':
		setvbuf(stdout, text, _IOFBF, sizeof(text));
		argp_state_help(state, stdout, HELP);
		break;
	case OPT_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE);
		break;
	case 'V':
		show_version(state->name);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	exit(output_finish(state->name, STATUS_OK));
}

static const struct argp common = { .options = common_options,
				    .parser = parse_common };

/* What is said of arguments, which may be names that somebody else chose. */
static ssize_t say_tame(void *real, const char *text, size_t bytes)
{
	char *copy = strndup(text, bytes), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		text_tame(line);
		fprintf(real, "%s%s", line, rest ? "\n" : "");
	}
	free(copy);
	return bytes;
}

/* As argp does it for its own --help, which knows no -h. */
static void parse(const struct argp *argp, int argc, char **argv,
		  unsigned int flags, void *input)
{
	const struct argp_child children[] = { { argp, 0, NULL, 0 },
					       { &common, 0, NULL, 0 },
					       { 0 } };
	const struct argp both = { .children = children };
	FILE *real = stderr;
	error_t err;

	output_begin();
	argp_err_exit_status = STATUS_USAGE;
	/* getopt() knows no other way; with glibc stderr is a variable. */
	stderr = fopencookie(real, "w",
			     (cookie_io_functions_t){ .write = say_tame });
	if (!stderr)
		stderr = real;
	err = argp_parse(&both, argc, argv, ARGP_NO_HELP | flags, NULL, input);
	if (stderr != real)
		fclose(stderr);
	stderr = real;
	if (err)
		exit(STATUS_USAGE);
}

void options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	parse(argp, argc, argv, 0, input);
}

/* What the arguments of a program mean. */
struct choice {
	const struct program *program;
	const struct command *command; /* NULL: only help is wanted */
	int at; /* its place in argv */
	bool help;
};

static const struct command *find_command(const struct program *p,
					  const char *name)
{
	for (const struct command *c = p->commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static error_t parse_command(int key, char *arg, struct argp_state *state)
{
	struct choice *c = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (!c->help && !strcmp(arg, "help")) {
			c->help = true;
			return 0;
		}
		c->command = find_command(c->program, arg);
		if (!c->command)
			argp_error(state, "there is no command '%s'", arg);
		if (c->help && state->next < state->argc)
			argp_error(state, "help is about one command at a "
					  "time");
		c->at = state->next - 1;
		state->next = state->argc; /* all else is for the command */
		return 0;
	case ARGP_KEY_END:
		if (!c->command && c->help)
			argp_state_help(state, stdout, HELP);
		else if (!c->command)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char *add_commands(int key, const char *text, void *input)
{
	const struct choice *choice = input;
	char *buf = NULL;
	size_t len;
	FILE *f;

	if (key != ARGP_KEY_HELP_PRE_DOC)
		return (char *)text;
	f = open_memstream(&buf, &len);
	if (!f)
		return (char *)text;
	fprintf(f, "%s\n\n", text);
	for (const struct command *c = choice->program->commands; c->name; c++)
		fprintf(f, "  %-8s  %s\n", c->name, c->help);
	fputs("  help      this, or all about a command", f);
	fclose(f);
	return buf;
}

int options_run_command(const struct program *p, int argc, char **argv)
{
	const struct argp argp = { .parser = parse_command,
				   .args_doc = "COMMAND [ARG...]",
				   .doc = p->doc,
				   .help_filter = add_commands };
	struct choice choice = { .program = p };
	char *help[] = { NULL, (char *)"--help", NULL };
	char name[64];

	argv[0] = (char *)p->name;
	parse(&argp, argc, argv, ARGP_IN_ORDER, &choice);
	if (!choice.command)
		return output_finish(p->name, STATUS_OK);
	snprintf(name, sizeof(name), "%s %s", p->name, choice.command->name);
	argc -= choice.at;
	argv += choice.at;
	if (choice.help) {
		argc = 2;
		argv = help;
	}
	argv[0] = name;
	return output_finish(p->name, choice.command->run(argc, argv));
}
