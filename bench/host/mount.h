/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount.h - mount points of ours, and leaving none behind.
 */
#ifndef FUSE_EPOCH_HOST_MOUNT_H
#define FUSE_EPOCH_HOST_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

/* How our mounts show in /proc/self/mounts: the source is followed by a pid. */
#define MOUNT_SOURCE "epochbench:"
#define MOUNT_SUBTYPE "epochbench"
/* What we make below /run begins so; the pid follows. */
#define MOUNT_OWN_PREFIX "/run/fuse-epoch."

struct mount_point {
	char path[256];
	bool ours; /* made by us: remove it */
};

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

/* Has the process ended that the digits (and whatever follows) name? */
bool mount_owner_is_gone(const char *digits);

/*
 * Removes mounts and directories that killed runs have left, and says so on
 * stderr.  Those of living processes stay.
 */
void mount_sweep(void);

#endif
