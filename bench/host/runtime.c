// SPDX-License-Identifier: GPL-2.0-only
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define USUAL_PLACE "/run"

/* Is it a directory in which nobody but us can make a name? */
static bool is_ours_alone(const char *dir)
{
	struct stat st;

	return dir && *dir == '/' && !lstat(dir, &st) && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* Asked for once: later the environment may be another. */
const char *runtime_dir(void)
{
	static char dir[PATH_MAX];
	const char *wanted = getenv("XDG_RUNTIME_DIR");

	if (!dir[0])
		snprintf(dir, sizeof(dir), "%s",
			 is_ours_alone(wanted) ? wanted : USUAL_PLACE);
	return dir;
}

int runtime_lock(void)
{
	int fd = open(runtime_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	do {
		ret = flock(fd, LOCK_EX);
	} while (ret && errno == EINTR);
	if (!ret)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int runtime_open(const char *path, int flags)
{
	int fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && st.st_uid == geteuid() &&
	    (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && st.st_nlink == 1)))
		return fd;
	close(fd);
	return -EPERM;
}

void runtime_each(const char *prefix, void (*fn)(const char *path))
{
	int lock = runtime_lock();
	char pattern[PATH_MAX];
	glob_t g;

	if (lock < 0)
		return;
	snprintf(pattern, sizeof(pattern), "%s/" RUNTIME_PREFIX "%s*",
		 runtime_dir(), prefix);
	if (!glob(pattern, 0, NULL, &g)) {
		for (size_t i = 0; i < g.gl_pathc; i++)
			fn(g.gl_pathv[i]);
		globfree(&g);
	}
	close(lock);
}
