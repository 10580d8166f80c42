/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * daemon.h - a file system that isn't ours: its command, until it serves, and
 * its end.
 */
#ifndef FUSE_EPOCH_DAEMON_DAEMON_H
#define FUSE_EPOCH_DAEMON_DAEMON_H

#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/device/borrow.h"
#include "keeper.h"

struct daemon {
	struct keeper *keeper; /* NULL: it isn't started */
	struct loan loan; /* its /dev/fuse */
	uint32_t dev; /* of its mount: major << 20 | minor */
	char *text; /* as the shell gets it */
};

/* Where a daemon has what it needs: the places of its command. */
struct daemon_places {
	const char *source, *mount, *scratch;
	const char *name; /* of something in source, which it must show */
	const char
		*trace; /* where strace writes what it sees; NULL: untraced */
};

/*
 * Starts the command and waits until it serves, as long as it runs now and then:
 * there is a FUSE mount, and that name in it.  0, or -errno with a sentence in
 * err.  *stop: ends the wait with -ECANCELED.
 */
int daemon_start(struct daemon *d, const char *command,
		 const struct daemon_places *places, const cpu_set_t *cpus,
		 const volatile sig_atomic_t *stop, char *err, size_t err_len);

/*
 * One that is running: borrows of what is mounted there.  0, or -errno with a
 * sentence in err.
 */
int daemon_join(struct daemon *d, const char *mount, char *err, size_t err_len);

/* After the unmount, or before one that was joined is left alone.  False: it didn't end by itself. */
bool daemon_end(struct daemon *d);

#endif
