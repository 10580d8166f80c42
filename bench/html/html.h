/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html.h - a page that shows records of every kind: one file, which loads nothing.
 *
 * It runs nothing but gnuplot.
 */
#ifndef FUSE_EPOCH_HTML_HTML_H
#define FUSE_EPOCH_HTML_HTML_H

#include <stdio.h>

#include "records.h"

/* Returns 0; -ENOENT if gnuplot isn't here; or -errno. */
int html_print(const struct html_records *all, FILE *out);

#endif
