/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - files that others wrote, read whole or line by line.
 *
 * Nobody can fill our memory with an endless file, an error of reading isn't
 * taken for the end of the file, and what lacks its last newline was cut off.
 */
#ifndef FUSE_EPOCH_LIB_INPUT_H
#define FUSE_EPOCH_LIB_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* No line that is meant for us, and none of our other files comes near it. */
#define INPUT_MAX_BYTES ((size_t)64 << 20)

struct input {
	char *text; /* closed by a NUL, which isn't counted */
	size_t len, room;
	size_t at; /* where the next line begins */
	size_t line_nr; /* of the line that was taken, from 1 */
	int fd; /* what isn't read yet comes from there; -1: it is all here */
	int err; /* of input_line() */
};

/*
 * "-" is stdin.  Returns 0; -EFBIG if it is longer than INPUT_MAX_BYTES; or
 * -errno: *in then holds nothing.
 */
int input_read(const char *path, struct input *in);

/*
 * The same, but text holds only what is at hand: a line, or 64 kB of shorter ones.
 * A line may be as long as a whole file above.
 */
int input_open(const char *path, struct input *in);
void input_free(struct input *in);

/* How messages call that file. */
const char *input_name(const char *path);

/* In words: "No such file or directory", "more than 64 MiB: nothing of ours". */
const char *input_error(int err);

/*
 * The next line, without its newline, which becomes a NUL; NULL at the end, or
 * with in->err where it can't be read.  After input_open() it stays until the next
 * call.  A line may hold NULs of its own: then *len is more than its strlen().
 */
char *input_line(struct input *in, size_t *len);

/* Does it end in the middle of a line? */
bool input_is_cut(const struct input *in);

#endif
