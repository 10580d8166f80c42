/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small FUSE server without libfuse, for tests that must decide when a
 * reply arrives: it speaks the protocol itself, counts every request, and can
 * hold the reply to one of them while everything else goes on.  It has one
 * thread; served.h says what it answers.
 */
#ifndef FUSE_EPOCH_TESTFS_SERVER_H
#define FUSE_EPOCH_TESTFS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/fuse.h>

#include "served.h"

#ifndef FUSE_NOTIFY_INC_EPOCH
#define FUSE_NOTIFY_INC_EPOCH 8
#endif

/* Mount an empty tree, and unmount it; both end the test when they fail. */
void server_start(void);
void server_stop(void);
/* Only detach the mount, as server_stop() does first. */
void server_detach(void);
/* End all requests with an error, through fusectl. */
void server_abort(void);

/*
 * Move the calling thread to this CPU; SKIP all if it isn't there.  Server and
 * test start on the first: between two emulated CPUs a request and its reply
 * take many times as long.
 */
void server_pin(int cpu);

/* "<mount point>/<path>", in one of a few static buffers. */
const char *server_path(const char *path);

/* Requests of this kind since the start. */
uint64_t server_count(uint32_t opcode);
/* Inodes forgotten, in single and in batched messages. */
uint64_t server_forgotten(void);

/*
 * Hold the reply to the next such request on @nodeid (0: any).  Its contents
 * are made when it is held.  wait: until one is held; release: send it.
 */
void server_hold(uint32_t opcode, uint64_t nodeid);
void server_wait_held(void);
void server_release(void);
/* Is one held now? */
bool server_is_holding(void);
/*
 * Answer the next such request with an error (EIO and the like) instead, or all
 * from now on; opcode 0: none.
 */
void server_fail(uint32_t opcode, int error, bool once);
static inline void server_fail_next(uint32_t opcode, int error)
{
	server_fail(opcode, error, true);
}
/* Keep a held reply for later, so that another can be held. */
struct fuse_out_header *server_take_held(void);
/* Make a held reply an error (EIO and the like); what was done stays done. */
void server_fail_held(int error);
void server_send(struct fuse_out_header *reply);

/*
 * Write a message, or INC_EPOCH, from inside the handler of each such request
 * from now on (0: none).
 */
void server_write_in(uint32_t opcode, const void *message, size_t bytes);
void server_bump_in(uint32_t opcode);

/* Write a message as it is; returns 0 or -errno. */
int server_write(const void *message, size_t bytes);
/* The server's thread, and the connection as fusectl names it. */
pid_t server_tid(void);
unsigned int server_connection(void);
/* The server's device, for other ways to write; it stays the server's. */
int server_fd(void);
/* INC_EPOCH; returns 0 or -errno. */
int server_bump(void);
/* SKIP the whole test if this kernel has no epochs. */
void server_need_epochs(void);

#endif
