/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answers.h - what a daemon answers, read off its /dev/fuse by strace: in a run of
 * its own, as strace is slow, so that nothing is measured under it.
 */
#ifndef FUSE_EPOCH_DAEMON_ANSWERS_H
#define FUSE_EPOCH_DAEMON_ANSWERS_H

#include <sched.h>
#include <signal.h>

#include "bench/wire/wire.h"

struct answers {
	char untraced[200]; /* why nothing is known; "": it is */
	struct wire_answers said;
};

/*
 * Starts the command on a few files and on a mount of our own, looks at all of
 * them and at names that are missing, changes one behind it (change as in
 * served.h), waits for it to notify, and ends it.  room: an empty folder for
 * files and mount; NULL: wherever our mounts are.
 */
void answers_ask(const char *command, const char *change, const char *room,
		 const cpu_set_t *cpus, const volatile sig_atomic_t *stop,
		 struct answers *a);

#endif
