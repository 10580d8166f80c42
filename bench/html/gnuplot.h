/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gnuplot.h - gnuplot as a filter: what it is told and what it draws, in memory.
 */
#ifndef FUSE_EPOCH_HTML_GNUPLOT_H
#define FUSE_EPOCH_HTML_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

/* What the program calls the data. */
#define GNUPLOT_DATA "/dev/fd/3"

/*
 * Runs a program over data.  *svg is what it drew, with a NUL at its end, from
 * malloc.  Returns 0; -ENOENT if it isn't installed; -EIO if it failed, which it
 * has said on stderr; or -errno.
 */
int gnuplot_run(const char *program, const char *data, char **svg);

#endif
