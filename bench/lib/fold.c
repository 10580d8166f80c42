// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fold.h"

/* Bytes of the first character; and its cells. */
static size_t first_character(const char *text, size_t *width)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t len = mbrtowc(&c, text, strlen(text), &state);
	int cells = -1;

	if (len > strlen(text))
		len = 1;
	else
		cells = wcwidth(c);
	*width = cells > 0 ? (size_t)cells : 0;
	return len;
}

/* Of the first len bytes. */
static size_t width_of(const char *text, size_t len)
{
	size_t sum = 0, at = 0, width;

	while (at < len) {
		at += first_character(text + at, &width);
		sum += width;
	}
	return sum;
}

size_t fold_width(const char *text)
{
	return width_of(text, strlen(text));
}

size_t fold_word_width(const char *text)
{
	size_t most = 0;

	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " "), width = width_of(text, len);

		if (width > most)
			most = width;
		text += len;
	}
	return most;
}

/* The line that is being filled. */
struct line {
	char *end;
	size_t used, width;
};

static void put(struct line *l, const char *text, size_t len)
{
	while (len) {
		size_t width, bytes = first_character(text, &width);

		if (l->used + width > l->width) {
			*l->end++ = '\n';
			l->used = 0;
		}
		l->end = mempcpy(l->end, text, bytes);
		l->used += width;
		text += bytes;
		len -= bytes;
	}
}

char *fold_text(const char *text, size_t width)
{
	/* At most a line break before each byte. */
	char *folded = malloc(2 * strlen(text) + 1);
	struct line l = { .end = folded, .width = width };

	while (folded && *text) {
		size_t gap = strspn(text, " ");
		size_t len = strcspn(text + gap, " ");
		size_t word = width_of(text + gap, len);

		if (l.used && len && l.used + gap + word > width) {
			*l.end++ = '\n';
			l.used = 0;
		} else {
			put(&l, text, gap);
		}
		put(&l, text + gap, len);
		text += gap + len;
	}
	if (folded)
		*l.end = '\0';
	return folded;
}
