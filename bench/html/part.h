/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * part.h - what sections are made of: a figure or a table, and what is said of it.
 */
#ifndef FUSE_EPOCH_HTML_PART_H
#define FUSE_EPOCH_HTML_PART_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/lib/table.h"
#include "figure.h"

/* A text that grows. */
struct words {
	FILE *out;
	char *text;
	size_t len;
};

/* Returns 0 or -ENOMEM.  The text is there once it is closed; free() it. */
int words_open(struct words *w);
int words_close(struct words *w);

struct part {
	struct words title;
	struct words caption; /* what to see; or nothing */
	struct words command; /* that made it; or nothing */
	/* NULL, or not worth it: the table is all there is, and isn't folded. */
	struct figure *figure;
	struct table *table; /* NULL: none */
};

/* Then its texts can be written.  Returns 0 or -ENOMEM: there is nothing to end. */
int part_begin(struct part *p);

/*
 * Prints it, unless it has neither figure nor table, and frees all that it has.
 * Nothing of its texts is markup.  Returns 0 or -errno.
 */
int part_end(struct part *p, FILE *out);

/* A paragraph. */
void part_say(const char *text, FILE *out);

/* What comes until the end is folded beneath a line. */
void part_fold(const char *summary, FILE *out);
void part_fold_end(FILE *out);

/* Cells of a table: as people read it. */
void part_number(struct table *t, double value, enum unit unit);

/*
 * A word of a command that somebody may paste into a shell: "?" if it is any other
 * text than a name of ours.
 */
const char *part_word(const char *text);

#endif
