// SPDX-License-Identifier: GPL-2.0-only
#include "fusectl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FUSECTL_DIR "/sys/fs/fuse/connections"
/* Of <linux/magic.h> it isn't part. */
#define FUSECTL_MAGIC 0x65735543

int ctl_fusectl_open(void)
{
	int fd = open(FUSECTL_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fs;
	struct statfs st;

	if (fd >= 0 && !fstatfs(fd, &st) && st.f_type == FUSECTL_MAGIC)
		return fd;
	if (fd >= 0)
		close(fd);
	fs = fsopen("fusectl", FSOPEN_CLOEXEC);
	if (fs < 0)
		return -errno;
	fd = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0)
		     ? -1
		     : fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

int64_t ctl_fusectl_waiting(int folder, uint32_t connection)
{
	char name[32], text[32];
	ssize_t len;
	int fd;

	snprintf(name, sizeof(name), "%u/waiting", connection);
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return len ? -errno : -EIO;
	text[len] = 0;
	return strtoll(text, NULL, 10);
}
