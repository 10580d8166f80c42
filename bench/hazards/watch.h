/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - watches of a file or directory, and whether they still tell.
 */
#ifndef FUSE_EPOCH_HAZARDS_WATCH_H
#define FUSE_EPOCH_HAZARDS_WATCH_H

/* The last: a mark that doesn't keep the inode (FAN_MARK_EVICTABLE). */
enum watch_kind { WATCH_INOTIFY, WATCH_FANOTIFY, WATCH_EVICTABLE };

/*
 * Watches what is at a path being opened, by a descriptor of its own, so that no
 * event is another's.  Returns it, or -1: this kernel hasn't the kind.
 */
int watch_start(enum watch_kind kind, const char *path);
/*
 * Opens the path, says in the cell whether that is told, and ends the watch.  Of
 * a directory the path may be of a file in it.
 */
void watch_say(const char *probe, enum watch_kind kind, int fd,
	       const char *path);

#endif
