/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire.h - what a FUSE daemon says to the kernel, by a trace of its /dev/fuse:
 * the protocol it speaks, how long what it says may be kept, how many requests
 * came, and which notifications it wrote.  It knows nothing of the daemon.
 *
 * A LOOKUP of a name that begins with WIRE_MARK ends one phase and begins the
 * next, which has the rest of that name: who walks through the mount asks for
 * such a name, and counts are of what was between two of them.  Timeouts are of
 * all replies since the first of them.
 */
#ifndef FUSE_EPOCH_WIRE_WIRE_H
#define FUSE_EPOCH_WIRE_WIRE_H

#include <jansson.h>
#include <stdbool.h>

#include "strace.h"

#define WIRE_MARK ".fuse-epoch."

struct wire;

/* NULL: no memory. */
struct wire *wire_new(void);
void wire_free(struct wire *w);

/* A strace_call_fn, with the struct wire as its arg. */
void wire_take(const struct strace_call *call, void *wire);

/* As results/SCHEMA.md has it ("wire/1").  NULL: no memory. */
json_t *wire_json(const struct wire *w);

/* The same for people, in short. */
struct wire_answers {
	unsigned int minor; /* of the protocol; 0: INIT isn't in the trace */
	bool readdirplus; /* it asked for that */
	/* So long it may be kept: "60 s", "0 s, 1 s (folders 1 s)"; "-": it */
	/* was never said. */
	char entry[64], attr[64], negative[64];
	char notified[64]; /* "INVAL_ENTRY, DELETE"; "-": none */
};

void wire_answers(const struct wire *w, struct wire_answers *a);

#endif
