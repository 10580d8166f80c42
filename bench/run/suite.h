/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * suite.h - named plans for `epochbench run --suite`.
 */
#ifndef FUSE_EPOCH_RUN_SUITE_H
#define FUSE_EPOCH_RUN_SUITE_H

#include <stddef.h>

/* One row of a plan; the strings are as one would type them. */
struct suite_row {
	const char *suite;
	const char *bcase;
	const char *shape;
	const char *n;
	const char *methods; /* NULL: the case's own */
	const char *populate;
	unsigned int rounds; /* 0: by size */
};

extern const struct suite_row suite_rows[];
extern const unsigned int suite_row_cnt;

/* Of suite number i, NULL after the last. */
const char *suite_name(size_t i);

/* What a suite is for; NULL if there is none of that name. */
const char *suite_help(const char *name);

#endif
