/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mounts.h - what is mounted, from mount tables alone: no file system is
 * touched, because one may hang.
 */
#ifndef FUSE_EPOCH_CTL_MOUNTS_H
#define FUSE_EPOCH_CTL_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ctl_mounts;

/* Strings belong to the struct ctl_mounts. */
struct ctl_mount {
	int id, parent;
	uint32_t dev;
	const char *path; /* where it is mounted, as seen in its namespace */
	const char *full; /* the same from the namespace's root; or NULL */
	const char *root; /* which part of the file system: "/" is all of it */
	const char *type; /* "fuse.sshfs", "fuseblk", "virtiofs", "ext4", ... */
	const char *source;
	ino_t ns; /* the mount namespace, 0: ours */
	/* Of what lies beneath a FUSE mount directly: its place in there. */
	char *inside;
};

/* NULL after a message.  own_only: not other namespaces. */
struct ctl_mounts *ctl_mounts_read(bool own_only);
void ctl_mounts_free(struct ctl_mounts *m);

/* Have certainly all mount namespaces been looked into? */
bool ctl_mounts_complete(const struct ctl_mounts *m);

bool ctl_mount_is_fuse(const struct ctl_mount *mount);
bool ctl_mount_is_virtiofs(const struct ctl_mount *mount);

/*
 * Mounts of FUSE file systems, by device; of each those of our namespace first,
 * and of these the whole file system before a part of it.  Free the array; NULL
 * if there is no memory.
 */
struct ctl_mount **ctl_mounts_fuse(const struct ctl_mounts *m, size_t *cnt);

/*
 * What lies beneath any mount of that device, in any namespace, and would be
 * detached when the directory that it is mounted on becomes stale: also what is
 * mounted on those in turn.  Free the array; NULL if there is no memory.
 */
struct ctl_mount **ctl_mounts_beneath(const struct ctl_mounts *m, uint32_t dev,
				      size_t *cnt);

/* The uppermost mount at exactly this absolute path, in our namespace. */
const struct ctl_mount *ctl_mounts_at(const struct ctl_mounts *m,
				      const char *path);

/* The mount that this absolute path lies in, in our namespace. */
const struct ctl_mount *ctl_mounts_over(const struct ctl_mounts *m,
					const char *path);

#endif
