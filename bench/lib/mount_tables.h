/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount_tables.h - what is mounted, from mount tables alone: no file system is
 * touched, because one may hang.
 *
 * Reading and each question take time that is linear in the mounts (with a
 * factor of log n for sorting), or less.
 */
#ifndef FUSE_EPOCH_LIB_MOUNT_TABLES_H
#define FUSE_EPOCH_LIB_MOUNT_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct mount_tables;

/* Strings belong to the struct mount_tables. */
struct mount {
	int id, parent;
	uint32_t dev; /* as the kernel has it: major << 20 | minor */
	const char *path; /* where it is mounted, as seen in its namespace */
	const char *full; /* the same from the namespace's root; or NULL */
	const char *root; /* which part of the file system: "/" is all of it */
	const char *type; /* "fuse.sshfs", "fuseblk", "virtiofs", "ext4", ... */
	const char *source;
	const char *options; /* those of the file system, not of the mount */
	ino_t ns; /* the mount namespace, 0: ours, as far as we see it */
	ino_t home; /* the same, 0 also for what a chroot hides of ours */
	/* Of what lies beneath a FUSE mount directly: its place in there. */
	char *inside;
};

/* own_only: not other namespaces.  NULL: no memory, or no /proc. */
struct mount_tables *mount_tables_read(bool own_only);

/* From one table in the format of mountinfo, as that of our namespace. */
struct mount_tables *mount_tables_parse(FILE *mountinfo);
void mount_tables_free(struct mount_tables *m);

/* Have certainly all mount namespaces been looked into? */
bool mount_tables_complete(const struct mount_tables *m);

/* A process that lives in a mount namespace; 0: ours, or there is none. */
pid_t mount_tables_pid(const struct mount_tables *m, ino_t ns);

/* How many mounts there are, and the number of one, from 0. */
size_t mount_tables_cnt(const struct mount_tables *m);
const struct mount *mount_tables_get(const struct mount_tables *m, size_t nr);
size_t mount_tables_nr(const struct mount_tables *m, const struct mount *mount);

bool mount_is_fuse(const struct mount *mount);
bool mount_is_virtiofs(const struct mount *mount);

/* What it is mounted on, or NULL. */
const struct mount *mount_tables_parent(const struct mount_tables *m,
					const struct mount *mount);

/*
 * Mounts of FUSE file systems, by device; of each those of our namespace first,
 * and of these the whole file system before a part of it.  Free the array; NULL
 * if there is no memory.
 */
struct mount **mount_tables_fuse(const struct mount_tables *m, size_t *cnt);

/*
 * What lies beneath any mount of that device, in any namespace, and would be
 * detached when the directory that it is mounted on becomes stale: also what is
 * mounted on those in turn, which comes after them.  Free the array; NULL if
 * there is no memory.
 */
struct mount **mount_tables_beneath(const struct mount_tables *m, uint32_t dev,
				    size_t *cnt);

/* The uppermost mount at exactly this absolute path, in our namespace. */
const struct mount *mount_tables_at(const struct mount_tables *m,
				    const char *path);

/* The mount that this absolute path lies in, in our namespace. */
const struct mount *mount_tables_over(const struct mount_tables *m,
				      const char *path);

/*
 * The same in the namespace of another mount, where paths are taken as they are
 * written; path is an absolute one.
 */
const struct mount *mount_tables_over_there(const struct mount_tables *m,
					    const struct mount *there,
					    const char *path);

/*
 * An absolute path (of at most len bytes) without links, dots and double
 * slashes, as mount tables have it.  Symbolic links on the way are followed,
 * but nothing on a FUSE file system is looked at, as it may hang: there the
 * path is taken as it is written, ".." too.  0 or -errno.
 */
int mount_tables_resolve(const struct mount_tables *m, const char *path,
			 char *absolute, size_t len);

#endif
