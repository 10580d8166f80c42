/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_internal.h - between compare.c and compare_host.c.
 */
#ifndef FUSE_EPOCH_COMPARE_COMPARE_INTERNAL_H
#define FUSE_EPOCH_COMPARE_COMPARE_INTERNAL_H

#include "compare.h"

struct match {
	const struct record_set *base, *fresh;
	const struct compare_options *opt;
	struct comparison *out;
	char *err;
	size_t err_len;
};

/* Says why into m->err.  Returns -EINVAL. */
int compare_refuse(struct match *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Were both measured on the same, but for what is meant to differ? */
int compare_check_host(struct match *m, const struct record *a,
		       const struct record *b);

#endif
