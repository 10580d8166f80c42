/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - refuses texts of others, which may hold any byte, or makes them
 * printable.
 *
 * A text is plain if it is UTF-8 without what a terminal or a browser takes for a
 * command: control characters (C0, DEL, C1), ends of lines, and characters that
 * turn the direction of the text around them.
 */
#ifndef FUSE_EPOCH_LIB_TEXT_H
#define FUSE_EPOCH_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

bool text_is_plain(const char *text);

/* Only ASCII letters, digits and _.+:- as in "inval_entry"? */
bool text_is_name(const char *text);

/* In place: "?" instead of each byte that isn't plain, a blank for white space. */
void text_tame(char *text);

/* What a sentence of ours has before and after a command; shown as a backtick. */
#define TEXT_CODE "\001"

/* What begins markup in Markdown. */
#define TEXT_MARKDOWN "|<`[\\"

/*
 * Prints a text for people: what isn't plain comes as \ooo, and a backslash
 * stands before each character that is in special ("", or TEXT_MARKDOWN).
 */
void text_put(FILE *out, const char *text, const char *special);

/*
 * Appends a name to what is in buf: backslashes and what isn't plain come as
 * \ooo, as in /proc/mounts.
 */
void text_append(char *buf, size_t len, const char *name);

/* The same alone, whole, however long it is; free it.  NULL: no memory. */
char *text_escape(const char *name);

/* Is all of it UTF-8? */
bool text_is_utf8(const char *name);

/* A JSON string: as it is if that is UTF-8, else escaped as above. */
json_t *text_json(const char *name);

#endif
