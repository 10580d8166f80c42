/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount.h - mount points of ours, and leaving none behind.
 *
 * We mount in a mount namespace of our own.  So a process that makes a
 * namespace meanwhile (a container that starts) takes no copy along, and
 * nothing stays mounted once we and our daemon have ended, however that
 * happens.
 */
#ifndef FUSE_EPOCH_HOST_MOUNT_H
#define FUSE_EPOCH_HOST_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

/* How our mounts show in /proc/self/mounts: the source is followed by a pid. */
#define MOUNT_SOURCE "epochbench:"
#define MOUNT_SUBTYPE "epochbench"

struct mount_point {
	char path[256];
	bool ours; /* made by us: remove it */
	int lock; /* of ours: locked until we and our daemon have ended */
};

/* Can FUSE be mounted here?  0, or -errno with a sentence in err. */
int mount_check(char *err, size_t err_len);

/*
 * From here on what is mounted is mounted for us and our children alone; what
 * others unmount goes here, too.  Returns 0, or -errno with a sentence in err.
 */
int mount_namespace_enter(char *err, size_t err_len);

/*
 * Takes dir (an empty directory that is no mount point), or makes one when dir
 * is NULL.  Returns 0, or -errno with a sentence in err.
 */
int mount_point_take(struct mount_point *mp, const char *dir, char *err,
		     size_t err_len);

/* Unmounts what is mounted there, if anything; force: abort it first. */
int mount_point_umount(const struct mount_point *mp, bool force);

/* Removes the directory if it is ours. */
void mount_point_release(struct mount_point *mp);

/*
 * Removes directories that killed runs have left, and says so on stderr.  Those
 * of living runs are locked, and stay, whatever their pids or namespaces are.
 */
void mount_sweep(void);

#endif
