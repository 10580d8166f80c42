/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figure_internal.h - what a figure is made of, for those that draw it.
 */
#ifndef FUSE_EPOCH_HTML_FIGURE_INTERNAL_H
#define FUSE_EPOCH_HTML_FIGURE_INTERNAL_H

#include "figure.h"

struct figure_point {
	double x, y;
};

struct figure_line {
	char *name;
	size_t colour, shape; /* figure_colour(), figure_shape() */
	struct figure_point *point;
	size_t cnt;
};

struct figure_tic {
	double x;
	char *name;
};

struct figure {
	enum figure_kind kind;
	struct figure_axis x, y;
	struct figure_line *line;
	size_t line_cnt;
	struct figure_tic *tic;
	size_t tic_cnt;
	bool incomplete;
};

/* How many of each there are. */
#define FIGURE_STYLES 15

/* "#2f7fd6", and gnuplot's number of a shape. */
const char *figure_colour(size_t i);
unsigned int figure_shape(size_t i);

/*
 * What gnuplot is told, and its data: name is what it calls lines.  From malloc;
 * NULL if there is no memory.
 */
char *figure_program(const struct figure *f);
char *figure_data(const struct figure *f);

#endif
