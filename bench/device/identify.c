// SPDX-License-Identifier: GPL-2.0-only
#include "identify.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/sizes.h"

/* "fuse_connection:\t42" at the beginning of a line. */
static int connection_of(const char *fdinfo, uint32_t *connection)
{
	static const char key[] = "fuse_connection:";
	const char *at = fdinfo;
	uint64_t value;

	while (strncmp(at, key, strlen(key))) {
		at = strchr(at, '\n');
		if (!at)
			return -ENODATA;
		at++;
	}
	at += strlen(key);
	at += strspn(at, " \t");
	if (!digits_take(&at, 10, UINT32_MAX, &value) || *at != '\n')
		return -ENODATA;
	*connection = (uint32_t)value;
	return 0;
}

int identify_by_fdinfo(const char *folder, int fd, uint32_t *connection)
{
	char path[128], text[1024];
	int info;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/%d", folder, fd);
	info = open(path, O_RDONLY | O_CLOEXEC);
	if (info < 0)
		return -errno;
	len = read(info, text, sizeof(text) - 1);
	close(info);
	if (len < 0)
		return -errno;
	text[len] = 0;
	return connection_of(text, connection);
}

/*
 * "fuse" can be mounted with the device of a file system that is mounted: that
 * is the same file system once more.  Nobody sees this one, and it says which
 * device number it has.  Without rootmode and user_id the kernel refuses to make
 * a new file system of a device that isn't mounted yet.
 */
static int identify_by_mount(int fd, uint32_t *connection)
{
	int fs = fsopen("fuse", FSOPEN_CLOEXEC), mount = -1, err = 0;
	struct statx stx;
	char number[16];

	if (fs < 0)
		return -errno;
	snprintf(number, sizeof(number), "%d", fd);
	if (!fsconfig(fs, FSCONFIG_SET_STRING, "fd", number, 0) &&
	    !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	/* Asked for nothing, it needs no daemon to know its device number. */
	if (mount < 0 ||
	    statx(mount, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx))
		err = -errno;
	else
		*connection =
			device_number(stx.stx_dev_major, stx.stx_dev_minor);
	if (mount >= 0)
		close(mount);
	close(fs);
	return err;
}

int identify_device(int fd, uint32_t *connection)
{
	struct pollfd device = { .fd = fd };
	int err = identify_by_fdinfo("/proc/self/fdinfo", fd, connection);

	if (err != -ENODATA)
		return err;
	if (poll(&device, 1, 0) < 0)
		return -errno;
	if (device.revents & POLLERR)
		return -ENOTCONN;
	return identify_by_mount(fd, connection);
}
