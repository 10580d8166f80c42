/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * child_note.h - which connection a child may hang in, for the next start.
 *
 * If parent and guard are killed at the same moment, a child may be left that
 * waits in the kernel for itself, and no signal ends it.  So a file beside
 * those of other runs (runtime.h) names its connection.  The parent holds a
 * lock on that file, and the child does not.
 */
#ifndef FUSE_EPOCH_HOST_CHILD_NOTE_H
#define FUSE_EPOCH_HOST_CHILD_NOTE_H

#include <limits.h>

struct child_note {
	int fd; /* the parent's is locked; -1: there is no note */
	char path[PATH_MAX];
};

/* In the parent, before the child is started. */
void child_note_begin(struct child_note *n);

/* In the child, before it leaves our mount namespace: the lock isn't its own. */
void child_note_adopt(struct child_note *n);

/* In the child: notes the connection that it uses now, and who it is. */
void child_note_write(const struct child_note *n, unsigned int connection);

/* In the parent: the child has ended. */
void child_note_end(struct child_note *n);

/*
 * Aborts the connections of children that killed runs have left, and says so
 * on stderr: of processes that are still the noted ones, by pid and start time,
 * and so still use what they have noted.
 */
void child_note_sweep(void);

#endif
