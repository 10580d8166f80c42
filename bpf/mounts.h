/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mounts.h - FUSE mounts by device number, in all mount namespaces.
 */
#ifndef FUSE_EPOCH_MOUNTS_H
#define FUSE_EPOCH_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/lib/mount_tables.h"

struct sample;

struct mount_entry {
	uint32_t dev; /* as the kernel has it: major << 20 | minor */
	uint32_t generation; /* which of those that had it, as in a sample */
	ino_t ns; /* its mount namespace; 0: ours, as far as we see it */
	pid_t pid; /* one that lives there; 0: none is known */
	bool gone; /* not mounted any more */
	char *path; /* as seen there */
	char *source; /* as the daemon calls it */
	char *type; /* "fuse.sshfs", "fuseblk", "virtiofs", ... */
};

struct mounts;

/*
 * What is mounted now, and after that what was before (NULL: don't ask) and is
 * gone: until its number is taken by another.  If there is a sample, which must
 * be of the same time, that says which generation has a number; of those before
 * there is what the sample has.  NULL if there is no memory or no /proc.
 */
struct mounts *mounts_scan(const struct mounts *before,
			   const struct sample *sample);

/* The same of tables that were read already, which it takes over. */
struct mounts *mounts_of(struct mount_tables *tables,
			 const struct mounts *before,
			 const struct sample *sample);
void mounts_free(struct mounts *m);

size_t mounts_cnt(const struct mounts *m);
const struct mount_entry *mounts_at(const struct mounts *m, size_t i);

/* The mount of a device, one of our own namespace before others; or NULL. */
const struct mount_entry *mounts_find(const struct mounts *m, uint32_t dev,
				      uint32_t generation);

/*
 * The device of the FUSE file system mounted at a path, without touching that:
 * it may hang.  0 or -errno (-ENOENT: nothing of FUSE is mounted there).
 */
int mounts_dev_at(const struct mounts *m, const char *path, uint32_t *dev);

/* Did mounts of our own namespace come or go since this was asked last? */
bool mounts_changed(void);

/*
 * A name for people: "/mnt/data", "/mnt/data (in the namespace of 4711)", or
 * "/mnt/data (gone)", "0:52 (not mounted)".  Free it; NULL: no memory.
 */
char *mounts_name(const struct mounts *m, uint32_t dev, uint32_t generation);

#endif
