/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control.h - what the driver asks of the daemon, over a socket pair.
 *
 * The daemon answers from a thread of its own, so that its session loop goes on
 * serving requests meanwhile.  One question at a time.
 */
#ifndef FUSE_EPOCH_FS_CONTROL_H
#define FUSE_EPOCH_FS_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/inval/inval.h"
#include "synthfs.h"

enum control_verb {
	CONTROL_READY, /* mounted?  Asked by nobody: the daemon's first word */
	CONTROL_PROBE, /* does the kernel offer the method? */
	CONTROL_NOTIFY, /* write the method's messages */
	CONTROL_IDLE, /* wait until no request is queued for the daemon */
};

struct control_request {
	enum control_verb verb;
	unsigned int method; /* index into inval_methods */
	unsigned int threads;
	bool bare;
	unsigned int op; /* not 0: see inval_send() */
};

struct control_reply {
	int err; /* 0 or -errno */
	struct inval_result inval;
	uint64_t at; /* CONTROL_IDLE: clock_now() when it was so */
};

/*
 * Driver's side: asks and waits for the answer.  Returns the answer's err, or
 * -EPIPE when the daemon is gone.
 */
int control_ask(int fd, const struct control_request *req,
		struct control_reply *rep);

/* Daemon's side, in a thread: answers until the driver closes. */
void control_serve(int fd, int dev, const struct tree *t,
		   const struct synthfs_shared *shared);

/* Daemon's first word. */
int control_ready(int fd, int err);

/* Driver's side: waits for it.  As control_ask(). */
int control_wait_ready(int fd);

#endif
