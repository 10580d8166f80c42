// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <ctype.h>
#include <stdint.h>
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

/*
 * What is no letter but tells a terminal or a browser what to do: C0, DEL and C1
 * control it, others end a line, or turn the direction of the text around them.
 */
static const struct {
	uint32_t first, last;
} commands[] = {
	{ 0, 0x1f },	    { 0x7f, 0x9f },	  { 0x61c, 0x61c },
	{ 0x200e, 0x200f }, { 0x2028, 0x202e },	  { 0x2066, 0x2069 },
	{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

static uint32_t code_point(const unsigned char *s, size_t len)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0xf, 0x7 };
	uint32_t code = s[0] & first[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}

static bool is_command(const unsigned char *s, size_t len)
{
	uint32_t code = code_point(s, len);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (code >= commands[i].first && code <= commands[i].last)
			return true;
	return false;
}

/* Bytes of a character that may be shown as it is, 0 if it may not. */
static size_t plain(const unsigned char *s)
{
	size_t len;

	if (*s >= ' ' && *s < 0x7f)
		return 1; /* nearly all are */
	len = character(s);
	return len && !is_command(s, len) ? len : 0;
}

bool text_is_plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t bytes; *s; s += bytes) {
		bytes = plain(s);
		if (!bytes)
			return false;
	}
	return true;
}

bool text_is_name(const char *text)
{
	for (const char *s = text; *s; s++)
		if (!isascii(*s) || (!isalnum(*s) && !strchr("_.+:-", *s)))
			return false;
	return true;
}

void text_append(char *buf, size_t len, const char *name)
{
	const unsigned char *s = (const unsigned char *)name;
	size_t used = strlen(buf);

	while (*s) {
		size_t bytes = plain(s);
		bool escape = !bytes || *s == '\\';

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

void text_tame(char *text)
{
	unsigned char *s = (unsigned char *)text;

	while (*s) {
		size_t bytes = plain(s);

		if (!bytes)
			*s = isspace(*s) ? ' ' : '?';
		s += bytes ? bytes : 1;
	}
}

/* A byte of a character; in code nothing but its end means anything. */
static void put_byte(FILE *out, char byte, const char *special, bool code)
{
	if (code && byte == '`')
		byte = '\'';
	else if (!code && strchr(special, byte))
		fputc('\\', out);
	fputc(byte, out);
}

void text_put(FILE *out, const char *text, const char *special)
{
	const unsigned char *s = (const unsigned char *)text;
	bool code = false;

	while (*s) {
		size_t bytes = plain(s);

		if (*s == *TEXT_CODE) {
			code = !code;
			fputc('`', out);
		} else if (!bytes) {
			fprintf(out, "\\%03o", *s);
		}
		for (size_t i = 0; i < bytes; i++)
			put_byte(out, (char)s[i], special, code);
		s += bytes ? bytes : 1;
	}
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

char *text_escape(const char *name)
{
	size_t len = strlen(name) * 4 + 8;
	char *buf = calloc(1, len);

	if (buf)
		text_append(buf, len, name);
	return buf;
}

json_t *text_json(const char *name)
{
	json_t *string = json_string(name);
	char *buf;

	if (string)
		return string;
	buf = text_escape(name);
	if (!buf)
		return NULL;
	string = json_string(buf);
	free(buf);
	return string;
}
