/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * borrow.h - a copy of the descriptor through which a daemon serves its
 * connection.  The daemon isn't signalled, stopped or slowed down.
 */
#ifndef FUSE_EPOCH_DEVICE_BORROW_H
#define FUSE_EPOCH_DEVICE_BORROW_H

#include <stdbool.h>
#include <sys/types.h>

#include "holders.h"
#include "bench/lib/mount_tables.h"

/* Room for a sentence. */
enum { BORROW_WHY_BYTES = 400 };

struct loan {
	int dev; /* the device; -1: none */
	int pidfd; /* of who lent it */
	pid_t pid;
	int fd; /* its number there */
	char comm[16];
};

/*
 * Finds the daemon of a mount (only_pid: 0, or look at that process alone), and
 * makes sure that the borrowed descriptor belongs to its connection.  0, or an
 * exit status, and why has a sentence.  Call borrow_end() in either case.
 */
int borrow(const struct mount *mount, pid_t only_pid, struct loan *loan,
	   char *why, size_t why_len);
void borrow_end(struct loan *loan);

/*
 * Which connection a descriptor belongs to, by a short loan of it, where fdinfo
 * doesn't say.  0 or -errno as identify_device().
 */
int borrow_identify(const struct holder *h, uint32_t *connection);

/* Has the process ended meanwhile? */
bool borrow_is_orphaned(const struct loan *loan);

#endif
