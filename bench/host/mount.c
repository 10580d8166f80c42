// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/stat.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/rights.h"
#include "mount.h"
#include "namespace.h"
#include "runtime.h"

/* Directories that we make: the rest is chance. */
#define OWN_KIND "mnt."
#define OWN_PREFIX RUNTIME_PREFIX OWN_KIND

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

/* A new directory, locked; 0 or -errno. */
static int make_own(struct mount_point *mp)
{
	int lock = runtime_lock(), ret = 0;

	if (lock < 0)
		return lock;
	if (snprintf(mp->path, sizeof(mp->path), "%s/" OWN_PREFIX "XXXXXX",
		     runtime_dir()) >= (int)sizeof(mp->path))
		ret = -ENAMETOOLONG;
	else if (!mkdtemp(mp->path))
		ret = -errno;
	if (!ret) {
		mp->lock = open(mp->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (mp->lock < 0 || flock(mp->lock, LOCK_EX | LOCK_NB))
			ret = -errno;
	}
	close(lock);
	return ret;
}

int mount_point_take(struct mount_point *mp, const char *dir, char *err,
		     size_t err_len)
{
	int ret;

	mp->ours = !dir;
	mp->lock = -1;
	if (dir)
		return take_users(mp, dir, err, err_len);
	ret = make_own(mp);
	if (ret)
		snprintf(err, err_len,
			 "cannot make a mount point in %s: %s (--mountpoint "
			 "names another, XDG_RUNTIME_DIR another place)",
			 runtime_dir(), strerror(-ret));
	return ret;
}

int mount_check(char *err, size_t err_len)
{
	if (geteuid())
		snprintf(err, err_len,
			 "needs root: it mounts file systems and reads their "
			 "/dev/fuse (try sudo)");
	else if (!rights_have_here(CAP_SYS_ADMIN))
		snprintf(err, err_len, "can't mount file systems: %s",
			 rights_way(CAP_SYS_ADMIN));
	else if (access("/dev/fuse", R_OK | W_OK))
		snprintf(err, err_len,
			 "no usable /dev/fuse: load the module (modprobe "
			 "fuse), or pass the device into this container");
	else
		return 0;
	return -EPERM;
}

int mount_namespace_enter(char *err, size_t err_len)
{
	int ret = namespace_own(MS_SLAVE);

	if (ret)
		snprintf(err, err_len, "no mount namespace of its own: %s%s",
			 strerror(-ret), rights_hint(ret, CAP_SYS_ADMIN));
	return ret;
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
	if (!mp->ours)
		return;
	rmdir(mp->path);
	close(mp->lock);
}

/* Only an empty one goes: in our namespace nothing is mounted there. */
static void sweep(const char *path)
{
	int fd = runtime_open(path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB) && !rmdir(path))
		fprintf(stderr,
			"epochbench: removed the directory %s that a killed "
			"run had left\n",
			path);
	close(fd);
}

void mount_sweep(void)
{
	runtime_each(OWN_KIND, sweep);
}
