// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "options.h"

int options_find(options_text_fn *name, const char *text)
{
	for (size_t i = 0; name(i); i++)
		if (!strcasecmp(name(i), text))
			return (int)i;
	return -1;
}

size_t options_pick_one(struct argp_state *state, const char *text,
			const char *kind, options_text_fn *name)
{
	int one = options_find(name, text);

	if (one < 0)
		argp_error(state, "no %s is called '%s' (see --help)", kind,
			   text);
	return (size_t)one;
}

/* Number nr, if it is new and there is room. */
static size_t take(unsigned int *out, size_t cnt, size_t max, unsigned int nr)
{
	for (size_t i = 0; i < cnt; i++)
		if (out[i] == nr)
			return cnt;
	if (cnt < max)
		out[cnt++] = nr;
	return cnt;
}

size_t options_pick(struct argp_state *state, const char *text,
		    const char *kind, options_text_fn *name, unsigned int *out,
		    size_t max)
{
	char *copy = strdup(text), *save = NULL;
	size_t cnt = 0;

	for (char *item = copy ? strtok_r(copy, ",", &save) : NULL; item;
	     item = strtok_r(NULL, ",", &save)) {
		bool all = !strcmp(item, "all");
		size_t one =
			all ? 0 : options_pick_one(state, item, kind, name);

		for (size_t i = one; name(i) && (all || i == one); i++)
			cnt = take(out, cnt, max, (unsigned int)i);
	}
	free(copy);
	if (!cnt)
		argp_error(state, "name at least one %s", kind);
	return cnt;
}

char *options_list(const char *text, options_text_fn *name)
{
	char *buf = NULL;
	size_t len;
	FILE *f = open_memstream(&buf, &len);

	if (!f)
		return (char *)text;
	fprintf(f, "%s:", text);
	for (size_t i = 0; name(i); i++)
		fprintf(f, "%s %s", i ? "," : "", name(i));
	fclose(f);
	return buf;
}

char *options_table(const char *before, options_text_fn *name,
		    options_text_fn *help, const char *after)
{
	char *buf = NULL;
	size_t len, width = 0;
	FILE *f = open_memstream(&buf, &len);

	if (!f)
		return (char *)after;
	for (size_t i = 0; name(i); i++)
		if (strlen(name(i)) > width)
			width = strlen(name(i));
	fputs(before, f);
	for (size_t i = 0; name(i); i++)
		fprintf(f, "  %-*s  %s\n", (int)width, name(i), help(i));
	fputs(after, f);
	fclose(f);
	return buf;
}
