// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* "{mount}" at the beginning of a text: its place; *len: of what stands there. */
static const struct command_place *
place_at(const char *text, const struct command_place *places, size_t *len)
{
	if (*text != '{')
		return NULL;
	for (; places->name; places++) {
		*len = strlen(places->name);
		if (!strncmp(text + 1, places->name, *len) &&
		    text[1 + *len] == '}') {
			*len += 2;
			return places;
		}
	}
	return NULL;
}

static void put_word(FILE *out, const char *path)
{
	fputc('\'', out);
	for (; *path; path++)
		if (*path == '\'')
			fputs("'\\''", out);
		else
			fputc(*path, out);
	fputc('\'', out);
}

char *command_fill(const char *text, const struct command_place *places)
{
	const struct command_place *place;
	char *filled = NULL;
	size_t len;
	FILE *out = open_memstream(&filled, &len);

	if (!out)
		return NULL;
	while (*text) {
		place = place_at(text, places, &len);
		if (place)
			put_word(out, place->path);
		else
			fputc(*text, out);
		text += place ? len : 1;
	}
	return fclose(out) ? NULL : filled;
}

int command_run(const char *filled)
{
	int status = 0;
	pid_t pid = fork();
	sigset_t none;

	if (pid < 0)
		return -errno;
	if (!pid) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", filled, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status;
}

bool command_has(const char *text, const char *name)
{
	const struct command_place one[] = { { name, "" }, { NULL, NULL } };
	size_t len;

	for (; *text; text++)
		if (place_at(text, one, &len))
			return true;
	return false;
}
