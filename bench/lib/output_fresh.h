/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output_fresh.h - between output.c and output_fresh.c: a file that is whole
 * before anybody can find it.
 */
#ifndef FUSE_EPOCH_LIB_OUTPUT_FRESH_H
#define FUSE_EPOCH_LIB_OUTPUT_FRESH_H

#include <limits.h>
#include <sys/stat.h>

struct fresh {
	int fd; /* to write to */
	int folder; /* in which it will lie */
	char temp[NAME_MAX +
		  1]; /* what it is called there; "": it has no name */
	char name[NAME_MAX + 1]; /* what it shall be called */
};

/*
 * A new file for that path, with the owner and mode of old, or, where that is
 * NULL, those of any new file.  Returns 0 or -errno.
 */
int fresh_open(struct fresh *f, const char *path, const struct stat *old);

/* Gives it its name, in place of what has it now.  Returns 0 or -errno. */
int fresh_put(struct fresh *f);

/* Closes it; unless it has got its name, nothing is left of it. */
void fresh_drop(struct fresh *f);

#endif
