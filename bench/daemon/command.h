/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command.h - a command that a user has typed, with places for paths.
 */
#ifndef FUSE_EPOCH_DAEMON_COMMAND_H
#define FUSE_EPOCH_DAEMON_COMMAND_H

#include <stdbool.h>

/* "{mount}" in a command, and what comes there. */
struct command_place {
	const char *name; /* "mount"; NULL ends a table of them */
	const char *path;
};

/*
 * The text for `sh -c`: each path is one quoted word, whatever is in it, so a
 * place stands outside of quotes.  Free it; NULL: no memory.
 */
char *command_fill(const char *text, const struct command_place *places);

/*
 * Runs it, with stdout on stderr, and waits for its end.  0, -errno, or its
 * status as of wait().
 */
int command_run(const char *filled);

/* Has it that place? */
bool command_has(const char *text, const char *name);

#endif
