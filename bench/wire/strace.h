/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * strace.h - the calls in a file that `strace -f -y -xx -o FILE` wrote.
 */
#ifndef FUSE_EPOCH_WIRE_STRACE_H
#define FUSE_EPOCH_WIRE_STRACE_H

#include <stddef.h>

/* How a command is traced so; the places are those of daemon/command.h. */
#define STRACE_COMMAND                                             \
	"exec strace -f -y -xx -s 1024 -o {trace} -e signal=none " \
	"-e trace=read,readv,write,writev,splice sh -c {command}"

/*
 * What is kept of a call's data: a message's headers, and what stands first in
 * it.  strace's own option -s shortens each part of it.
 */
enum { STRACE_DATA_MAX = 1024 };

/* Paths that matter here are short: "/dev/fuse", "pipe:[123]". */
struct strace_file {
	int fd; /* -1: the call has none */
	char path[64]; /* "" if it is longer */
};

struct strace_call {
	const char *name; /* "writev" */
	struct strace_file file, second; /* the second of splice() */
	unsigned char data[STRACE_DATA_MAX];
	size_t data_len;
	long long result; /* of what failed: negative */
};

typedef void strace_call_fn(const struct strace_call *call, void *arg);

/*
 * Calls fn for each call of the file ("-" is stdin) that has ended, in the order
 * in which they ended.  Lines that are no call are passed over.  Returns 0, or
 * -errno of reading, see input.h.
 */
int strace_read(const char *path, strace_call_fn *fn, void *arg);

#endif
