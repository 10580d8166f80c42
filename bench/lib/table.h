/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - rows of cells, drawn as text, as Markdown, as HTML or as JSON.
 *
 * Knows nothing about benchmarks.  Running out of memory while a table grows
 * is remembered and reported when it is drawn, so callers check once.
 */
#ifndef FUSE_EPOCH_LIB_TABLE_H
#define FUSE_EPOCH_LIB_TABLE_H

#include <stdio.h>

#include <jansson.h>

enum table_align { TABLE_LEFT, TABLE_RIGHT };

struct table;

/* NULL if there is no memory; every function below accepts that. */
struct table *table_new(void);
void table_free(struct table *t);

/* Adds a column; all of them before the first row.  JSON uses key. */
void table_column(struct table *t, const char *title, const char *key,
		  enum table_align align);

/*
 * Which columns give way where there is no room for all: the least before the lesser
 * and the usual ones, and of each of these the last first.  What tells the rows apart always
 * stays.
 */
enum table_rank { TABLE_STAYS = -1, TABLE_USUAL, TABLE_LESSER, TABLE_LEAST };

/* Of the column that was added last; else it is TABLE_USUAL. */
void table_rank(struct table *t, enum table_rank rank);

/* Begins a row; cells are then added from left to right. */
void table_row(struct table *t);
void table_text(struct table *t, const char *text);

/* A cell people read as text and JSON holds as value (null if not finite). */
void table_number(struct table *t, const char *text, double value);

/*
 * Fills the rest of the row with one remark, wider than its column if need
 * be; in JSON it is the row's "status".
 */
void table_remark(struct table *t, const char *text);

/* What a cell says of what it is about; a colour, where there are some. */
enum table_tone { TABLE_PLAIN, TABLE_GOOD, TABLE_BAD, TABLE_UNSURE };

/* Of the cell that was added last. */
void table_tone(struct table *t, enum table_tone tone);

/*
 * Draw; return 0, or -ENOMEM if the table is incomplete.
 *
 * As text it fits the terminal, if out is one: text is folded, and columns that have no
 * room are left out, which a line below says, or come below (see view.h).  As text and
 * as Markdown it has the columns that --columns names, if it has any of them.
 */
int table_print_text(const struct table *t, FILE *out);
int table_print_markdown(const struct table *t, FILE *out);
int table_print_html(const struct table *t, FILE *out); /* <table> */

/* An array with an object per row; NULL if there is no memory. */
json_t *table_json(const struct table *t);

#endif
