/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - says so, and gives up, when a daemon keeps us waiting; until then,
 * a signal ends us.
 */
#ifndef FUSE_EPOCH_CTL_WATCH_H
#define FUSE_EPOCH_CTL_WATCH_H

#include <stdint.h>

/*
 * Goes on in a child, which ends with its parent, unless it waits in the kernel.
 * 0 or -errno.  seconds: see ctl_watch_limit().
 */
int ctl_watch_start(unsigned int seconds, const char *path);

/*
 * In the child: all is read, and all files but stdout and stderr are closed.
 * From now on it is killed if it makes no progress for so many seconds.
 */
int ctl_watch_limit(void);
void ctl_watch_progress(void);

/* In the child: see ctl_guard_tell(). */
void ctl_watch_borrows(uint32_t connection);

#endif
