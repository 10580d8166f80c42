/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_internal.h - what compare.c is made of, and nobody else uses.
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
	/* Both by variant; what is equal as in the file. */
	const struct record **base_sorted, **fresh_sorted;
	bool fresh_has_new; /* records of the side "new" */
	const struct record *some_fresh; /* the first that plays it, or NULL */
};

/* Makes the last four.  Returns 0 or -ENOMEM; compare_unindex() anyway. */
int compare_index(struct match *m);
void compare_unindex(struct match *m);

/*
 * The records of a set (m->base or m->fresh) that are of the variant of like: where
 * they begin.
 */
const struct record *const *compare_range(const struct match *m,
					  const struct record_set *set,
					  const struct record *like,
					  size_t *cnt);

/* Says why into m->err.  Returns -EINVAL. */
int compare_refuse(struct match *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Were both measured on the same, but for what is meant to differ? */
int compare_check_host(struct match *m, const struct record *a,
		       const struct record *b);

enum role { ROLE_BASE, ROLE_AGAIN, ROLE_NEW };

/* Is it of that side?  Records that name none are of whichever the file is. */
bool compare_plays(const struct match *m, const struct record *rec,
		   enum role role);

/* Was it asked for? */
bool compare_wanted(const struct match *m, const struct record *rec);

/* "invalidate, epoch, wide, 1000 names" */
void compare_describe(const struct record *rec, char *buf, size_t len);

/*
 * The only record of that role with the key of like, or NULL.  Returns 0, or
 * -EINVAL with a sentence if there are two.
 */
int compare_find(struct match *m, const struct record *like, enum role role,
		 const struct record **out);

/*
 * A variant that only the side of that role has: what NEW hasn't got any more is a failure,
 * as it is gone, or the file was cut; what BASE hasn't got may well be new.
 * Returns 0 or -ENOMEM.
 */
int compare_add_absent(struct match *m, const struct record *rec,
		       enum role role);

/*
 * One that a side has no numbers of: what failed only in NEW is a failure.
 * Returns 0 or -ENOMEM.
 */
int compare_add_unmeasured(struct match *m, const struct record *base,
			   const struct record *fresh);

#endif
