/* SPDX-License-Identifier: GPL-2.0-only */
/* A server that takes no requests for a while, as one that is stopped. */
#ifndef FUSE_EPOCH_TESTFS_PAUSE_H
#define FUSE_EPOCH_TESTFS_PAUSE_H

/*
 * From when this comes back until server_resume(), requests wait unread.  Takes
 * SIGUSR1.
 */
void server_pause(void);
void server_resume(void);

/* Requests that were sent and aren't answered. */
unsigned int server_waiting(void);

#endif
