/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_internal.h - what a table is made of, for those that draw it.
 */
#ifndef FUSE_EPOCH_LIB_TABLE_INTERNAL_H
#define FUSE_EPOCH_LIB_TABLE_INTERNAL_H

#include <stdbool.h>

#include "table.h"

/* Rows are filled from the left: right of an empty cell all are. */
enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_REMARK };

struct cell {
	enum cell_kind kind;
	char *text; /* NULL if empty */
	double value;
	enum table_tone tone;
};

struct column_head {
	char *title;
	char *key;
	enum table_align align;
	enum table_rank rank;
};

struct table {
	struct column_head *column;
	size_t column_cnt;
	struct cell *cell; /* row after row, column_cnt each */
	size_t row_cnt;
	size_t next; /* column of the next cell */
	bool incomplete;
};

static inline const struct cell *table_cell(const struct table *t, size_t row,
					    size_t col)
{
	return &t->cell[row * t->column_cnt + col];
}

#endif
