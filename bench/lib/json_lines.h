/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json_lines.h - reads and writes files of JSON Lines, whatever their objects are.
 */
#ifndef FUSE_EPOCH_LIB_JSON_LINES_H
#define FUSE_EPOCH_LIB_JSON_LINES_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/*
 * Called with what each line holds, an object.  Returns 0,
 * -EINVAL with the reason in err (without file and line), or -errno.
 */
typedef int json_line_fn(const json_t *root, void *arg, char *err,
			 size_t err_len);

/*
 * Calls fn with arg for each line of a file ("-" is stdin) that isn't empty,
 * until one fails.  Returns 0; -EINVAL with "FILE:LINE: what is wrong" in err;
 * -errno with "FILE: why" in err if the file can't be read.
 */
int json_lines_read(const char *path, json_line_fn *fn, void *arg, char *err,
		    size_t err_len);

/*
 * The same of lines that may hold whole numbers above 2^63, which a time for ever is:
 * all numbers of such a line come as real ones.
 */
int json_lines_read_large(const char *path, json_line_fn *fn, void *arg,
			  char *err, size_t err_len);

/* One line.  Returns 0 or -errno. */
int json_lines_put(FILE *out, const json_t *line);

/* An output_fn (output.h): a json_t array, each element on a line. */
int json_lines_write(FILE *out, const void *array);

#endif
