/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figure.h - a figure of a page: SVG that gnuplot draws, and what its lines mean.
 *
 * Each line has a colour and a shape that no other line of it has.  gnuplot gets
 * names of others as data, and never as text of its program.  Running out of memory
 * while a figure grows is remembered, and told when it is drawn.
 */
#ifndef FUSE_EPOCH_HTML_FIGURE_H
#define FUSE_EPOCH_HTML_FIGURE_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/lib/units.h"

enum figure_kind {
	FIGURE_LINES, /* points by x and y */
	FIGURE_BARS, /* rows, whose parts stand one behind the other */
};

struct figure_axis {
	const char
		*title; /* of ours, with the unit unless that is in the tics */
	enum unit unit; /* UNIT_NS: the tics say which */
	bool log;
	double least; /* not log: it begins there or lower */
};

struct figure;

/* x: of bars that of their length, y: unused then.  NULL: no memory. */
struct figure *figure_new(enum figure_kind kind, const struct figure_axis *x,
			  const struct figure_axis *y);
void figure_free(struct figure *f);

/*
 * Begins a line, or a part of all bars; points are then added to it.  A method looks
 * the same in all figures, if nobody else of this one has taken its colour.
 */
void figure_line(struct figure *f, const char *name);

/*
 * What its axes can't show is left out.  Of bars: x is the row and y how long that part is; each
 * part has all rows, in order.
 */
void figure_point(struct figure *f, double x, double y);

/* A name on the axis of x; of bars that of row x. */
void figure_tic(struct figure *f, double x, const char *name);

/*
 * Is there something to see, a line between two points or a bar; and not more than
 * anybody could tell apart?
 */
bool figure_is_worth(const struct figure *f);

/*
 * Prints the SVG, which label describes to who doesn't see it, and the legend.
 * Returns 0; -ENOENT if there is no gnuplot; -EIO if it failed; or -errno.
 */
int figure_print(const struct figure *f, const char *label, FILE *out);

/* The shapes of points, once per page, before its figures. */
int figure_print_shapes(FILE *out);

/* Is gnuplot here? */
bool figure_can_draw(void);

#endif
