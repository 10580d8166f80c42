// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "namespace.h"

static bool same_place(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* To the root of the namespace; nothing stops us, who are outside of our root. */
static int go_up(void)
{
	struct stat here, above;

	if (stat(".", &above))
		return -errno;
	do {
		here = above;
		if (chdir("..") || stat(".", &above))
			return -errno;
	} while (!same_place(&here, &above));
	return 0;
}

/*
 * Where "/" isn't a mount point nothing can be said to the mount that it is in,
 * as that has no name below: so step out of the chroot for a moment, by another
 * one below where we are.
 */
static int set_from_outside(unsigned long propagation)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ret = root < 0 || cwd < 0 ? -errno : 0;

	if (!ret && (chdir("/") || chroot("proc")))
		ret = -errno;
	if (!ret)
		ret = go_up();
	if (!ret && mount(NULL, ".", NULL, MS_REC | propagation, NULL))
		ret = -errno;
	if (root >= 0 && (fchdir(root) || chroot(".") || fchdir(cwd)))
		ret = -errno;
	if (root >= 0)
		close(root);
	if (cwd >= 0)
		close(cwd);
	return ret;
}

int namespace_own(unsigned long propagation)
{
	if (unshare(CLONE_NEWNS))
		return -errno;
	if (!mount(NULL, "/", NULL, MS_REC | propagation, NULL))
		return 0;
	return errno == EINVAL ? set_from_outside(propagation) : -errno;
}
