// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool command_has(const char *text, const char *name)
{
	const struct command_place one[] = { { name, "" }, { NULL, NULL } };
	size_t len;

	for (; *text; text++)
		if (place_at(text, one, &len))
			return true;
	return false;
}
