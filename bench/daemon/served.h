/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * served.h - real files for a daemon to serve: a tree of lib/tree, in a tmpfs of
 * our own mount namespace.
 */
#ifndef FUSE_EPOCH_DAEMON_SERVED_H
#define FUSE_EPOCH_DAEMON_SERVED_H

#include <stddef.h>

#include "bench/host/mount.h"
#include "bench/lib/tree.h"

/* Beside the tree: a few names to try things on. */
#define SERVED_BESIDE "beside"
#define SERVED_BELOW SERVED_BESIDE "/below" /* a folder */
#define SERVED_FILE SERVED_BESIDE "/file"
#define SERVED_KEPT "kept" /* in it */
#define SERVED_CHANGED "changed"
#define SERVED_ABSENT "absent" /* there is no such file */

struct served {
	struct mount_point mp;
	struct tree tree; /* n is 0: there is none yet */
	const char *change; /* a command that changes {name}; NULL: we can */
	char source[300]; /* the folder that is served */
	char scratch[300]; /* one for whatever the command needs */
};

/*
 * Makes the place, on dir as of mount_point_take().  0, or -errno with a sentence
 * in err.
 */
int served_begin(struct served *s, const char *dir, char *err, size_t err_len);

/*
 * Fills it with that tree, unless it has that already, and makes scratch empty.
 * 0, or -errno with a sentence in err.
 */
int served_make(struct served *s, const struct tree *t, char *err,
		size_t err_len);

/*
 * Makes a file longer, or has the command change it.  path: as tree_path().  0,
 * or -errno: -ECHILD, the command has failed.
 */
int served_change(const struct served *s, const char *path);

void served_end(struct served *s);

#endif
