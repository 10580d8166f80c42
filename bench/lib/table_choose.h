/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_choose.h - which columns of a table are shown: those that were named, or those
 * for which a line has room.  It draws nothing.
 */
#ifndef FUSE_EPOCH_LIB_TABLE_CHOOSE_H
#define FUSE_EPOCH_LIB_TABLE_CHOOSE_H

#include "table.h"

struct table_choice {
	const struct table *t; /* with the columns that are shown */
	struct table *some; /* the same, or NULL: all are */
	char *left_out; /* "A, B", or NULL: none, or none was asked for */
};

/* line_width: SIZE_MAX if there is no limit.  0, or -ENOMEM, also of a table that is. */
int table_choose(struct table_choice *c, const struct table *t,
		 size_t line_width);

void table_choose_end(struct table_choice *c);

#endif
