/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output_place.h - between output.c and output_place.c: what a path leads to.
 */
#ifndef FUSE_EPOCH_LIB_OUTPUT_PLACE_H
#define FUSE_EPOCH_LIB_OUTPUT_PLACE_H

#include <limits.h>
#include <sys/stat.h>

enum place_kind {
	PLACE_STDOUT,
	PLACE_NEW, /* nothing is there yet */
	PLACE_FILE, /* a regular file */
	PLACE_STREAM, /* all else, and what somebody has open */
};

struct place {
	enum place_kind kind;
	char path[PATH_MAX]; /* of a file, a new one too: links are followed */
	struct stat st; /* unless it is new, or stdout */
};

/* Returns 0 or -errno; a folder is -EISDIR. */
int place_find(const char *path, struct place *p);

#endif
