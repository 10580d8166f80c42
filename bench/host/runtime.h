/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runtime.h - where runs on one machine leave what others must know.
 */
#ifndef FUSE_EPOCH_HOST_RUNTIME_H
#define FUSE_EPOCH_HOST_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

/* What is there by us begins so. */
#define RUNTIME_PREFIX "fuse-epoch."

/*
 * $XDG_RUNTIME_DIR, if nobody but us can write there, else /run: whoever can
 * make a name there is trusted.
 */
const char *runtime_dir(void);

/*
 * One at a time: nobody else makes or removes anything there until the
 * descriptor is closed, or its process has ended.  -errno if there is none.
 */
int runtime_lock(void);

/*
 * Opens what is named there, if it is ours: owned by us, no link, with one name
 * (a directory: of any number).  A descriptor, or -errno.
 */
int runtime_open(const char *path, int flags);

/*
 * Calls fn with the path of all that begin with prefix (after RUNTIME_PREFIX),
 * while the lock is held.
 */
void runtime_each(const char *prefix, void (*fn)(const char *path));

#endif
