/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view.h - how whoever runs the program wants to see its tables: --columns, --wide,
 * --color, NO_COLOR, and what the terminal has room for.  One for the whole program.
 */
#ifndef FUSE_EPOCH_LIB_VIEW_H
#define FUSE_EPOCH_LIB_VIEW_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "output.h"

/*
 * For the children of an argp; the other where -w is something else.  Where neither is
 * asked, nobody could say that he wants to see all: all is shown.
 */
#define VIEW_CHILD                     \
	{                              \
		&view_argp, 0, NULL, 0 \
	}
extern const struct argp view_argp, view_argp_long;

/* view_argp alone, as children. */
extern const struct argp_child view_options[];

/* Cells of a line; SIZE_MAX if it isn't a terminal. */
size_t view_line_width(FILE *out);

/* The same for columns: SIZE_MAX, too, if all of them shall be shown. */
size_t view_table_width(FILE *out);

/* A line that says which columns are left out, and how to see them.  0 or -ENOMEM. */
int view_print_left_out(FILE *out, const char *names);

/* May out have colours, and bold titles? */
bool view_has_color(FILE *out);

/* Were columns named?  And is it this one, by its title or its key? */
bool view_is_choosy(void);
bool view_chooses(const char *title, const char *key);

/* What it is called there. */
void view_put_name(FILE *out, const char *title, const char *key);

/*
 * Was each name that of a column of something that print() prints?  Prints nothing but,
 * if not, on stderr after "NAME: " which there are; then columns are as if none was named,
 * and this returns STATUS_USAGE.  Else 0.
 */
int view_check(const char *name, output_fn *print, const void *arg);

/* Is that what print() is called for?  Then who draws a table only asks view_chooses(). */
bool view_is_rehearsal(void);

#endif
