// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "paragraph.h"
#include "text.h"
#include "view.h"

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

static const char *special(enum report_format format)
{
	return format == REPORT_MARKDOWN ? TEXT_MARKDOWN : "";
}

static void fill(FILE *out, const char *text, size_t line_width)
{
	char *copy = strdup(text), *save = NULL;
	size_t at = 0;

	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word;
	     word = strtok_r(NULL, " ", &save)) {
		size_t len = strlen(word);

		if (at && at + 1 + len > line_width) {
			fputc('\n', out);
			at = 0;
		}
		if (at)
			fputc(' ', out);
		text_put(out, word, "");
		at += (at ? 1 : 0) + len;
	}
	free(copy);
}

void paragraph_print(FILE *out, enum report_format format, const char *text)
{
	size_t line_width = view_line_width(out);

	if (format == REPORT_TEXT)
		fill(out, text,
		     line_width < LINE_WIDTH ? line_width : LINE_WIDTH);
	else
		text_put(out, text, special(format));
	fputs("\n\n", out);
}

void heading_print(FILE *out, enum report_format format, const char *text)
{
	fputs(format == REPORT_MARKDOWN ? "### " : "", out);
	if (format == REPORT_TEXT && strlen(text) > view_line_width(out))
		fill(out, text, view_line_width(out));
	else
		text_put(out, text, special(format));
	fputs("\n\n", out);
}
