/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output_stream.h - between output.c and output_stream.c: what is written to may
 * keep us waiting, and a signal ends that.
 */
#ifndef FUSE_EPOCH_LIB_OUTPUT_STREAM_H
#define FUSE_EPOCH_LIB_OUTPUT_STREAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Opens what isn't a regular file, by the name that the user gave; mode is its
 * type.  Waits for the reader of a FIFO.  A descriptor or -errno.
 */
int output_stream_open(const char *path, mode_t mode);

struct output_stream {
	int fd;
	int err; /* of the first write that failed, which stdio forgets; or 0 */
};

/* To fd, which stays open.  NULL: no memory. */
FILE *output_stream(struct output_stream *s);

#endif
