// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"

/* Of any length; NULL: no memory. */
__attribute__((format(printf, 1, 0))) static char *make_line(const char *format,
							     va_list args)
{
	char *raw, *line;

	if (vasprintf(&raw, format, args) < 0)
		return NULL;
	line = text_escape(raw);
	free(raw);
	return line;
}

void ctl_say(const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	line = make_line(format, args);
	va_end(args);
	fprintf(stderr, "epochctl: %s\n", line ? line : "no memory");
	free(line);
}

int ctl_print(const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	line = make_line(format, args);
	va_end(args);
	if (!line) {
		ctl_say("no memory");
		return STATUS_FAILED;
	}
	puts(line);
	free(line);
	return 0;
}
