/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mounted.h - the names of a file system that is in use: they are read, and
 * nothing else.
 */
#ifndef FUSE_EPOCH_DAEMON_MOUNTED_H
#define FUSE_EPOCH_DAEMON_MOUNTED_H

#include <stddef.h>
#include <stdint.h>

struct mounted;

/*
 * What lies below that mount point, *n names at most, which becomes how many
 * they are.  NULL, with a sentence in err.
 */
struct mounted *mounted_find(const char *root, uint64_t *n, char *err,
			     size_t err_len);
void mounted_free(struct mounted *m);

/* A name by its number, from 1: its path from the root. */
const char *mounted_name(const struct mounted *m, uint64_t nr);

/* One of them that lies in the root itself. */
const char *mounted_top(const struct mounted *m);

/* Reads the directories that have the first n of them.  0 or -errno. */
int mounted_list(const struct mounted *m, const char *root, uint64_t n);

#endif
