// SPDX-License-Identifier: GPL-2.0-only
/*
 * In lowerdir= and upperdir= a backslash keeps the next character from ending
 * the path, as overlayfs' ovl_split_lowerdirs() and ovl_next_opt() have it; the
 * keys with "+=" take one path as it is.
 */
#include "mount_layers.h"

#include <stdlib.h>
#include <string.h>

/* The rest behind what is before an unescaped character, which becomes NUL. */
static char *cut(char *text, const char *ends)
{
	for (; *text && !strchr(ends, *text); text++)
		if (*text == '\\' && text[1])
			text++;
	if (!*text)
		return text;
	*text = 0;
	return text + 1;
}

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		*to++ = *text;
	}
	*to = 0;
}

static bool each_of(char *paths, const char *ends, mount_layer_fn *fn,
		    void *arg)
{
	bool more = true;

	for (char *next; more && *paths; paths = next) {
		next = cut(paths, ends);
		unescape(paths);
		if (*paths) /* "::" comes before layers of data */
			more = fn(paths, arg);
	}
	return more;
}

static bool each_in(char *option, mount_layer_fn *fn, void *arg)
{
	char *path = strchr(option, '=');

	if (!path)
		return true;
	*path++ = 0;
	if (!strcmp(option, "lowerdir"))
		return each_of(path, ":", fn, arg);
	if (!strcmp(option, "upperdir"))
		return each_of(path, "", fn, arg);
	if (!strcmp(option, "lowerdir+") || !strcmp(option, "datadir+"))
		return fn(path, arg);
	return true;
}

int mount_layers_each(const char *options, mount_layer_fn *fn, void *arg)
{
	char *copy = strdup(options), *option = copy, *next;
	bool more = true;

	for (; copy && more && *option; option = next) {
		next = cut(option, ",");
		more = each_in(option, fn, arg);
	}
	free(copy);
	return copy ? 0 : -1;
}
