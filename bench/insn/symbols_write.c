// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"

/* "ffffffff81001000 T do_one_initcall": of text only, which is a third. */
static int is_text(const char *line)
{
	const char *type = strchr(line, ' ');

	return type && strchr("tTwW", type[1]) && !strstr(line, " __pfx_");
}

/* "555555554000-555555557000 r-xp ...": executable and of a file. */
static int is_code(const char *line)
{
	const char *perms = strchr(line, ' ');

	return perms && perms[3] == 'x' && strchr(line, '/');
}

static int copy_lines(const char *from, FILE *out, int (*wanted)(const char *))
{
	FILE *in = fopen(from, "re");
	char *line = NULL;
	size_t len = 0;
	int err;

	if (!in)
		return -errno;
	while (getline(&line, &len, in) > 0)
		if (wanted(line))
			fputs(line, out);
	err = ferror(in) ? -EIO : 0;
	free(line);
	fclose(in);
	return err;
}

int symbols_write(FILE *out, const void *unused)
{
	int err = copy_lines("/proc/kallsyms", out, is_text);

	(void)unused;
	return err ? err : copy_lines("/proc/self/maps", out, is_code);
}
