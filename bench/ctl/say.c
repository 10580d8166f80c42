// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "ctl.h"
#include "bench/lib/text.h"

void ctl_say(const char *format, ...)
{
	char raw[3 * PATH_MAX], line[2 * sizeof(raw)] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	text_append(line, sizeof(line), raw);
	fprintf(stderr, "epochctl: %s\n", line);
}
