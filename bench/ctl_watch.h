/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctl_watch.h - ends the program, with a message, when a daemon keeps it
 * waiting.
 */
#ifndef FUSE_EPOCH_CTL_WATCH_H
#define FUSE_EPOCH_CTL_WATCH_H

/* From now on, progress is expected every so many seconds.  0 or -errno. */
int ctl_watch_start(unsigned int seconds, const char *path);
void ctl_watch_progress(void);

#endif
