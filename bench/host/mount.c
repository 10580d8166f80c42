// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/stat.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount.h"

/* Reads attributes as cached: must not hang on a dead FUSE mount. */
static bool is_mount_point(const char *dir)
{
	struct statx stx;

	return !statx(AT_FDCWD, dir, AT_STATX_DONT_SYNC, 0, &stx) &&
	       (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static bool is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool empty = true;

	if (!d)
		return false;
	while (empty && (e = readdir(d)))
		empty = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
	closedir(d);
	return empty;
}

static int take_users(struct mount_point *mp, const char *dir, char *err,
		      size_t err_len)
{
	char *real = realpath(dir, NULL);
	struct stat st;

	if (!real) {
		snprintf(err, err_len, "%s: %s", dir, strerror(errno));
		return -errno;
	}
	if (strlen(real) >= sizeof(mp->path)) {
		snprintf(err, err_len, "%s: path too long", real);
		free(real);
		return -ENAMETOOLONG;
	}
	strcpy(mp->path, real);
	free(real);
	/* Before stat(), which could hang on a dead mount. */
	if (is_mount_point(mp->path)) {
		snprintf(err, err_len,
			 "%s: in use: something is mounted there already", dir);
		return -EBUSY;
	}
	if (stat(mp->path, &st)) {
		snprintf(err, err_len, "%s: %s", dir, strerror(errno));
		return -errno;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(err, err_len, "%s: not a directory", dir);
		return -ENOTDIR;
	}
	if (!is_empty(mp->path)) {
		snprintf(err, err_len,
			 "%s: in use: not empty; name an empty directory", dir);
		return -ENOTEMPTY;
	}
	return 0;
}

int mount_point_take(struct mount_point *mp, const char *dir, char *err,
		     size_t err_len)
{
	mp->ours = !dir;
	if (dir)
		return take_users(mp, dir, err, err_len);
	snprintf(mp->path, sizeof(mp->path), MOUNT_OWN_PREFIX "%d",
		 (int)getpid());
	if (mkdir(mp->path, 0700) && errno != EEXIST) {
		snprintf(err, err_len, "cannot make the mount point %s: %s",
			 mp->path, strerror(errno));
		return -errno;
	}
	return 0;
}

int mount_point_umount(const struct mount_point *mp, bool force)
{
	/* Aborts the connection, so that nothing waits for a dead daemon. */
	if (force && is_mount_point(mp->path))
		umount2(mp->path, MNT_FORCE);
	if (!is_mount_point(mp->path))
		return 0;
	if (!force && !umount2(mp->path, 0))
		return 0;
	/* Somebody has his working directory there: he keeps it, we go. */
	return umount2(mp->path, MNT_DETACH) ? -errno : 0;
}

void mount_point_release(struct mount_point *mp)
{
	if (mp->ours)
		rmdir(mp->path);
}

bool mount_owner_is_gone(const char *digits)
{
	int pid = atoi(digits);

	return pid > 0 && kill(pid, 0) && errno == ESRCH;
}

static void sweep_mounts(void)
{
	FILE *f = setmntent("/proc/self/mounts", "r");
	struct mntent *m;

	if (!f)
		return;
	while ((m = getmntent(f))) {
		struct mount_point mp = { .ours = false };

		if (strcmp(m->mnt_type, "fuse." MOUNT_SUBTYPE) ||
		    strncmp(m->mnt_fsname, MOUNT_SOURCE,
			    strlen(MOUNT_SOURCE)) ||
		    !mount_owner_is_gone(m->mnt_fsname + strlen(MOUNT_SOURCE)))
			continue;
		snprintf(mp.path, sizeof(mp.path), "%s", m->mnt_dir);
		if (!mount_point_umount(&mp, true))
			fprintf(stderr,
				"epochbench: removed the mount %s that a "
				"killed run (%s) had left\n",
				mp.path, m->mnt_fsname);
	}
	endmntent(f);
}

void mount_sweep(void)
{
	glob_t g;

	sweep_mounts();
	if (glob(MOUNT_OWN_PREFIX "*", 0, NULL, &g))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++)
		if (mount_owner_is_gone(g.gl_pathv[i] +
					strlen(MOUNT_OWN_PREFIX)) &&
		    !rmdir(g.gl_pathv[i]))
			fprintf(stderr,
				"epochbench: removed the directory %s that a "
				"killed run had left\n",
				g.gl_pathv[i]);
	globfree(&g);
}
