/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * said.h - what a child said, and what its end means.  Pure but for said_read().
 */
#ifndef FUSE_EPOCH_HOST_SAID_H
#define FUSE_EPOCH_HOST_SAID_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* How the self-tests end (kernel/testfs/ktap.h), and with them our probes. */
#define SAID_SKIP "1..0 # SKIP "
#define SAID_BAIL "Bail out! "

struct said {
	char *text;
	size_t len;
	bool incomplete; /* no memory */
};

/* Takes over what there is to read; false at the end of it. */
bool said_read(struct said *said, int fd);

/*
 * The array of all objects it said; of an end that isn't a good one (err:
 * -ETIME after limit_s, status: as of wait(), -1: it can't be ended) the last
 * one tells.  NULL: no memory, or err is -EINTR.  Frees what was read.
 */
json_t *said_end(struct said *said, int err, int status, unsigned int limit_s);

#endif
