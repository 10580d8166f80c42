// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "fusectl.h"

#define USUAL_PLACE "/sys/fs/fuse/connections"
#ifndef FUSE_CTL_SUPER_MAGIC /* linux/magic.h of Debian 12 lacks it */
#define FUSE_CTL_SUPER_MAGIC 0x65735543
#endif

int fusectl_open(void)
{
	int fs = fsopen("fusectl", FSOPEN_CLOEXEC), fd = -1;

	if (fs < 0)
		return -errno;
	if (!fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

void fusectl_abort(int fusectl, unsigned int connection)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "%u/abort", connection);
	fd = openat(fusectl, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		perror("epochbench: cannot abort a connection");
	close(fd);
}

int fusectl_mount(void)
{
	struct statfs st;

	if (!statfs(USUAL_PLACE, &st) && st.f_type == FUSE_CTL_SUPER_MAGIC)
		return 0;
	return mount("fusectl", USUAL_PLACE, "fusectl", 0, NULL) ? -errno : 0;
}
