/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - says so, and gives up, when a daemon keeps us waiting.
 */
#ifndef FUSE_EPOCH_CTL_WATCH_H
#define FUSE_EPOCH_CTL_WATCH_H

/*
 * Goes on in a child, which is killed if it makes no progress for so many
 * seconds.  0 or -errno.
 */
int ctl_watch_start(unsigned int seconds, const char *path);
void ctl_watch_progress(void);

#endif
