// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character that begins here, 0 if it isn't UTF-8. */
static size_t character(const unsigned char *s)
{
	size_t len = s[0] < 0x80		   ? 1
		     : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		     : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
		     : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
						   : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong ones, surrogates, and what is above the last. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* C0, DEL and C1, with which terminals are controlled. */
static bool is_control(const unsigned char *s, size_t len)
{
	return s[0] < 0x20 || s[0] == 0x7f ||
	       (len == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

void text_append(char *buf, size_t len, const char *name)
{
	const unsigned char *s = (const unsigned char *)name;
	size_t used = strlen(buf);

	while (*s) {
		size_t bytes = character(s);
		bool escape = !bytes || is_control(s, bytes) || *s == '\\';

		/* What has no room is left out whole. */
		if (used + (escape ? 4 : bytes) >= len)
			break;
		if (escape) {
			used += snprintf(buf + used, len - used, "\\%03o", *s);
			s++;
		} else {
			memcpy(buf + used, s, bytes);
			used += bytes;
			s += bytes;
		}
	}
	buf[used] = 0;
}

bool text_is_utf8(const char *name)
{
	const unsigned char *s = (const unsigned char *)name;
	size_t bytes;

	for (; *s; s += bytes) {
		bytes = character(s);
		if (!bytes)
			return false;
	}
	return true;
}

json_t *text_json(const char *name)
{
	json_t *string = json_string(name);
	size_t len = strlen(name) * 4 + 8;
	char *buf;

	if (string)
		return string;
	buf = calloc(1, len);
	if (!buf)
		return NULL;
	text_append(buf, len, name);
	string = json_string(buf);
	free(buf);
	return string;
}
