// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "paragraph.h"

#define LINE_WIDTH 80

const char *report_format_name(size_t i)
{
	static const char *const names[] = {
		[REPORT_TEXT] = "text",
		[REPORT_MARKDOWN] = "markdown",
		[REPORT_JSON] = "json",
	};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

void paragraph_print(FILE *out, enum report_format format, const char *text)
{
	size_t at = 0;

	while (format == REPORT_TEXT && *(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (at && at + 1 + len > LINE_WIDTH) {
			fputc('\n', out);
			at = 0;
		}
		at += (size_t)fprintf(out, "%s%.*s", at ? " " : "", (int)len,
				      text);
		text += len;
	}
	fprintf(out, "%s\n\n", text);
}
