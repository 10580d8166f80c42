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

#endif
