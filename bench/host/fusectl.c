// SPDX-License-Identifier: GPL-2.0-only
#include "fusectl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#define USUAL_PLACE "/sys/fs/fuse/connections"
#ifndef FUSE_CTL_SUPER_MAGIC /* linux/magic.h of Debian 12 lacks it */
#define FUSE_CTL_SUPER_MAGIC 0x65735543
#endif

/* The usual place, for those who may not mount; -1: it isn't mounted there. */
static int open_usual(void)
{
	int fd = open(USUAL_PLACE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs st;

	if (fd >= 0 && !fstatfs(fd, &st) && st.f_type == FUSE_CTL_SUPER_MAGIC)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int fusectl_open(void)
{
	int fd = open_usual(), fs;

	if (fd >= 0)
		return fd;
	fs = fsopen("fusectl", FSOPEN_CLOEXEC);
	if (fs < 0)
		return -errno;
	if (!fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

/* A file of a connection; -errno. */
static int open_file(int fusectl, uint32_t connection, const char *name,
		     int flags)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "%u/%s", connection, name);
	fd = openat(fusectl, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int fusectl_abort_open(int fusectl, uint32_t connection)
{
	return open_file(fusectl, connection, "abort", O_WRONLY);
}

void fusectl_abort(int fusectl, uint32_t connection)
{
	int fd = fusectl_abort_open(fusectl, connection);

	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		perror("epochbench: cannot abort a connection");
	close(fd);
}

int64_t fusectl_waiting(int fusectl, uint32_t connection)
{
	int fd = open_file(fusectl, connection, "waiting", O_RDONLY);
	char text[32];
	ssize_t len;

	if (fd < 0)
		return fd;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return len ? -errno : -EIO;
	text[len] = 0;
	return strtoll(text, NULL, 10);
}

int fusectl_mount(void)
{
	int fd = open_usual();

	if (fd < 0)
		return mount("fusectl", USUAL_PLACE, "fusectl", 0, NULL)
			       ? -errno
			       : 0;
	close(fd);
	return 0;
}
