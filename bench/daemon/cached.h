/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cached.h - would a name be looked up again?  The kernel says so itself, and
 * nobody's daemon is asked: with RESOLVE_CACHED (Linux 5.12) a path is walked
 * only as far as that needs no request.
 */
#ifndef FUSE_EPOCH_DAEMON_CACHED_H
#define FUSE_EPOCH_DAEMON_CACHED_H

enum cached {
	CACHED_NOT, /* its next use asks the daemon */
	CACHED_YES,
	CACHED_MISSING, /* known not to exist */
};

/* From an open folder, or AT_FDCWD; all names on the way count, too. */
enum cached cached_look(int folder, const char *path);

#endif
