// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output_fresh.h"

/* So many names are tried for one that a killed program hasn't left. */
enum { TRIES_MAX = 100 };

static int open_folder(struct fresh *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char folder[PATH_MAX];

	if (snprintf(f->name, sizeof(f->name), "%s", name) >=
	    (int)sizeof(f->name))
		return -ENAMETOOLONG;
	if (!slash)
		strcpy(folder, ".");
	else
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(slash - path) + 1, path);
	f->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return f->folder < 0 ? -errno : 0;
}

/* Makes the file under a temporary name, or gives it that. */
static int name_it(struct fresh *f)
{
	char link[32];
	int ret = -1;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", f->fd);
	for (unsigned int i = 0; i < TRIES_MAX; i++) {
		snprintf(f->temp, sizeof(f->temp), ".%.100s.%d-%u.tmp",
			 program_invocation_short_name, (int)getpid(), i);
		if (f->fd >= 0)
			ret = linkat(AT_FDCWD, link, f->folder, f->temp,
				     AT_SYMLINK_FOLLOW);
		else
			ret = f->fd = openat(
				f->folder, f->temp,
				O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (ret >= 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	f->temp[0] = '\0';
	return -errno;
}

static int copy_owner(int fd, const struct stat *old)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid))
		return -errno;
	return fchmod(fd, old->st_mode & 07777) ? -errno : 0;
}

int fresh_open(struct fresh *f, const char *path, const struct stat *old)
{
	int ret;

	*f = (struct fresh){ .fd = -1, .folder = -1 };
	ret = open_folder(f, path);
	/* Without a name nothing stays of it, even if we are killed. */
	if (!ret && !access("/proc/self/fd", X_OK))
		f->fd = openat(f->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
			       0666);
	if (!ret && f->fd < 0) /* not every file system can */
		ret = name_it(f);
	if (!ret && old)
		ret = copy_owner(f->fd, old);
	if (ret)
		fresh_drop(f);
	return ret;
}

int fresh_put(struct fresh *f)
{
	int ret = fsync(f->fd) ? -errno : 0;

	if (!ret && !f->temp[0])
		ret = name_it(f);
	if (!ret && renameat(f->folder, f->temp, f->folder, f->name))
		ret = -errno;
	if (!ret)
		f->temp[0] = '\0';
	return ret;
}

void fresh_drop(struct fresh *f)
{
	if (f->temp[0])
		unlinkat(f->folder, f->temp, 0);
	if (f->fd >= 0)
		close(f->fd);
	if (f->folder >= 0)
		close(f->folder);
}
