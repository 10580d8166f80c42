/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * breaks.h - what a method does to those who have built on a daemon's files: to
 * what is mounted on them, and to an overlay above.
 */
#ifndef FUSE_EPOCH_DAEMON_BREAKS_H
#define FUSE_EPOCH_DAEMON_BREAKS_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/inval/inval.h"
#include "daemon.h"
#include "served.h"

enum break_kind {
	BREAK_SUBMOUNT, /* a mount on a folder of it is gone */
	BREAK_OVERLAY, /* a file of an overlay above answers ESTALE */
	BREAKS
};

struct breaks {
	bool tried[BREAKS]; /* else it can't be built on this daemon */
	bool broken[BREAKS];
};

/*
 * Builds both, notifies about the names that they use (own: by this command,
 * instead of the method), looks, and tears down.
 */
void breaks_try(const struct daemon *d, const struct served *served,
		const char *mount, const struct inval_method *method,
		const char *own, struct breaks *b);

#endif
