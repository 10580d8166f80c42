// SPDX-License-Identifier: GPL-2.0-only
#include "markup.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static void put_byte(FILE *out, char byte)
{
	switch (byte) {
	case '&':
		fputs("&amp;", out);
		break;
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	case '\'':
		fputs("&#39;", out);
		break;
	default:
		fputc(byte, out);
	}
}

void markup_put(FILE *out, const char *text)
{
	char *tame = strdup(text);

	/* Without memory a text is missing, rather than raw. */
	if (!tame)
		return;
	text_tame(tame);
	for (const char *s = tame; *s; s++)
		put_byte(out, *s);
	free(tame);
}
