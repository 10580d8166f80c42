/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reading.h - what was counted, and the names of that, read again and again.
 */
#ifndef FUSE_EPOCH_READING_H
#define FUSE_EPOCH_READING_H

#include "attach.h"
#include "mounts.h"
#include "sample.h"

struct reading {
	struct trace *trace;
	const char *mount; /* which one shall be followed; NULL: none */
	bool idle; /* all that is mounted is in the sample */
	uint64_t grace_ns; /* how long what is gone is there */
	/* Read last, of the same time: */
	struct sample *sample;
	struct mounts *mounts; /* with those that are gone */
	/* What is mounted there; if nothing is, what was. */
	struct trace_life only;
};

/*
 * Read for the first time, or again; *old is then what was read before, or NULL,
 * and the caller's.  0 or -errno.
 */
int reading_begin(struct reading *r);
int reading_take(struct reading *r, struct sample **old);

/* Free what was read last. */
void reading_free(struct reading *r);

#endif
