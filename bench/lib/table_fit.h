/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_fit.h - a table in lines of limited length: which columns, how wide.
 *
 * It folds text between words, but no numbers.  If that isn't enough, columns
 * that have no room come in further strips, each after the columns that tell
 * the rows apart.  It draws nothing.
 */
#ifndef FUSE_EPOCH_LIB_TABLE_FIT_H
#define FUSE_EPOCH_LIB_TABLE_FIT_H

#include <stdbool.h>

#include "table.h"

/* Blanks between two columns. */
#define TABLE_GAP 2

/* A column of a strip, and its width. */
struct table_place {
	size_t col;
	size_t width;
};

/* Widths of a column: if nothing is folded, and if all that may be is. */
struct table_measure {
	size_t whole;
	size_t folded;
};

struct table_fit {
	const struct table *t;
	size_t line_width;
	struct table_measure *measure; /* of each column */
	size_t *key, key_cnt; /* columns that each further strip begins with */
	/* The strip: keys, and the columns it is about, from first to next. */
	struct table_place *place;
	size_t place_cnt;
	size_t first, next;
};

/* line_width: SIZE_MAX if there is no limit.  0 or -ENOMEM. */
int table_fit_begin(struct table_fit *f, const struct table *t,
		    size_t line_width);

/* Makes the next strip; false if there is none. */
bool table_fit_next(struct table_fit *f);

void table_fit_end(struct table_fit *f);

/*
 * Those of as few of the first columns as tell the rows apart that aren't alike in all
 * rows; returns how many columns these few are.  key has room for all columns.
 */
size_t table_keys(const struct table *t, size_t *key, size_t *key_cnt);

#endif
