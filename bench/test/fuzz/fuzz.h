/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz.h - what fuzz targets share.  A target is one file, fuzz_NAME.c, with
 * LLVMFuzzerTestOneInput(); its seeds are in scripts/fuzz, those that once found
 * a fault in seeds/NAME/.
 */
#ifndef FUSE_EPOCH_FUZZ_FUZZ_H
#define FUSE_EPOCH_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jansson.h>

#include "bench/lib/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Files of one input: their names are /proc/self/fd/N. */
struct fuzz_file {
	int fd;
	char path[32];
};

/* Puts that into a file in memory, which stays for the next input. */
static inline const char *fuzz_put(struct fuzz_file *f, const void *data,
				   size_t size)
{
	if (!f->path[0]) {
		f->fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	}
	if (f->fd < 0 || ftruncate(f->fd, 0) ||
	    pwrite(f->fd, data, size, 0) != (ssize_t)size)
		abort();
	return f->path;
}

/* Splits an input in two at a line of "--"; the second part is empty if none. */
static inline size_t fuzz_split(const uint8_t *data, size_t size,
				const uint8_t **second, size_t *second_size)
{
	const uint8_t *at = memmem(data, size, "\n--\n", 4);

	*second = at ? at + 4 : data + size;
	*second_size = (size_t)(data + size - *second);
	return at ? (size_t)(at - data) + 1 : size;
}

/* What a printer prints, and how it ends. */
struct fuzz_output {
	FILE *out;
	char *text;
	size_t len;
};

static inline FILE *fuzz_output(struct fuzz_output *o)
{
	o->out = open_memstream(&o->text, &o->len);
	if (!o->out)
		abort();
	return o->out;
}

/* Whatever the input, no line of it controls a terminal. */
static inline void fuzz_expect_plain(struct fuzz_output *o)
{
	char *save = NULL;

	fclose(o->out);
	for (char *line = strtok_r(o->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		for (char *part = line; part; part = strchr(part, '\t')) {
			*part = *part == '\t' ? ' ' : *part;
			if (!strchr(part, '\t') && !text_is_plain(part))
				abort();
		}
	free(o->text);
}

/* And JSON can be read again. */
static inline void fuzz_expect_json(struct fuzz_output *o)
{
	json_t *json;

	fclose(o->out);
	json = json_loadb(o->text, o->len, 0, NULL);
	if (!json)
		abort();
	json_decref(json);
	free(o->text);
}

/* An error is a sentence on one line. */
static inline void fuzz_expect_error(const char *err)
{
	if (!*err || !text_is_plain(err))
		abort();
}

#endif
