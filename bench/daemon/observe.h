/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * observe.h - for how long the kernel believes a daemon, if nobody notifies it.
 */
#ifndef FUSE_EPOCH_DAEMON_OBSERVE_H
#define FUSE_EPOCH_DAEMON_OBSERVE_H

#include <stdint.h>

#include "served.h"

struct observed {
	uint64_t entry_ns; /* a name is used without a question */
	uint64_t negative_ns; /* the same of one that doesn't exist */
	uint64_t change_ns; /* a file that has changed looks as before */
	uint64_t watched_ns; /* no longer: what is as long is longer */
};

/* Names in one folder of what is mounted. */
struct observed_names {
	const char *folder; /* its path */
	const char *kept; /* is there, and nobody else uses it */
	const char *absent; /* isn't */
	const char
		*changed; /* will be changed behind the mount, by served; ... */
	const char *inside; /* ... there its path is this */
	const struct served *served; /* NULL: nothing may be changed */
};

/*
 * Watches them.  0, or -errno: what is served can't be changed, or a name isn't
 * as in the source.
 */
int observe(const struct observed_names *n, uint64_t limit_ns,
	    struct observed *o);

#endif
