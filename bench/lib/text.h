/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - makes names from the kernel, which may hold any byte, printable.
 */
#ifndef FUSE_EPOCH_LIB_TEXT_H
#define FUSE_EPOCH_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/*
 * Appends a name to what is in buf: backslashes, what a terminal would take for
 * a command and what isn't UTF-8 come as \ooo, as in /proc/mounts.
 */
void text_append(char *buf, size_t len, const char *name);

/* Is all of it UTF-8? */
bool text_is_utf8(const char *name);

/* A JSON string: as it is if that is UTF-8, else escaped as above. */
json_t *text_json(const char *name);

#endif
