/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paragraph.h - text that isn't a table, and the forms of output: text,
 * Markdown, JSON.
 */
#ifndef FUSE_EPOCH_LIB_PARAGRAPH_H
#define FUSE_EPOCH_LIB_PARAGRAPH_H

#include <stdio.h>

enum report_format { REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON };

/* "text", "markdown", "json"; NULL after the last. */
const char *report_format_name(size_t i);

/*
 * Prints text, filled to 80 columns, or a narrower terminal, if it is read as is, and an empty line.  Of
 * what others have put into it nothing is markup: commands stand between two
 * TEXT_CODE (text.h).
 */
void paragraph_print(FILE *out, enum report_format format, const char *text);

/* The same, as the heading of a table; on one line, but on a terminal. */
void heading_print(FILE *out, enum report_format format, const char *text);

#endif
