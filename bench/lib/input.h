/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - files that others wrote, read whole.
 *
 * Nobody can fill our memory with an endless file, an error of reading isn't
 * taken for the end of the file, and what lacks its last newline was cut off.
 */
#ifndef FUSE_EPOCH_LIB_INPUT_H
#define FUSE_EPOCH_LIB_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* No file that is meant for us comes near it. */
#define INPUT_MAX_BYTES ((size_t)64 << 20)

struct input {
	char *text; /* closed by a NUL, which isn't counted */
	size_t len;
	size_t at; /* where the next line begins */
	size_t line_nr; /* of the line that was taken, from 1 */
};

/*
 * "-" is stdin.  Returns 0; -EFBIG if it is longer than INPUT_MAX_BYTES; or
 * -errno: *in then holds nothing.
 */
int input_read(const char *path, struct input *in);
void input_free(struct input *in);

/* How messages call that file. */
const char *input_name(const char *path);

/* In words: "No such file or directory", "more than 64 MiB: no file of ours". */
const char *input_error(int err);

/*
 * The next line, without its newline, which becomes a NUL; NULL at the end.  A
 * line may hold NULs of its own: then *len is more than its strlen().
 */
char *input_line(struct input *in, size_t *len);

/* Does it end in the middle of a line? */
bool input_is_cut(const struct input *in);

#endif
