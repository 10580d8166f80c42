/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_format.h - the forms in which a comparison is printed: one row of a
 * table each.
 */
#ifndef FUSE_EPOCH_COMPARE_COMPARE_FORMAT_H
#define FUSE_EPOCH_COMPARE_COMPARE_FORMAT_H

#include <stdio.h>

#include "compare.h"

struct compare_format {
	const char *name, *help;
	/* Returns 0 or -ENOMEM; errors of out are seen by the caller. */
	int (*print)(FILE *out, const struct comparison *cmp);
};

extern const struct compare_format compare_formats[]; /* ends with no name */

int compare_print_text(FILE *out, const struct comparison *cmp);
int compare_print_markdown(FILE *out, const struct comparison *cmp);
int compare_print_junit(FILE *out, const struct comparison *cmp);
int compare_print_ktap(FILE *out, const struct comparison *cmp);
int compare_print_gobench(FILE *out, const struct comparison *cmp);
int compare_print_otava(FILE *out, const struct comparison *cmp);
int compare_print_kcidb(FILE *out, const struct comparison *cmp);
int compare_print_json(FILE *out, const struct comparison *cmp);

#endif
