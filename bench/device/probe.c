// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe.c - a mount that nobody sees, to try things on.
 *
 * No message finds out about epochs without incrementing one: the kernel takes
 * code 8 with any payload, and it refuses a wrong length before it looks at the
 * code.  So we send the message to a connection of our own.  fsopen() and
 * fsmount() mount a file system in no namespace and on no directory; it is gone
 * when its descriptors are closed.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <linux/fuse.h>

#include "identify.h"
#include "bench/inval/message.h"

/* The kernel waits for nobody: INIT is in the queue when this returns. */
static int mount_ours(int dev)
{
	char number[16];
	int fs = fsopen("fuse", FSOPEN_CLOEXEC), mount = -1;

	if (fs < 0)
		return -errno;
	snprintf(number, sizeof(number), "%d", dev);
	if (!fsconfig(fs, FSCONFIG_SET_STRING, "fd", number, 0) &&
	    !fsconfig(fs, FSCONFIG_SET_STRING, "rootmode", "40000", 0) &&
	    !fsconfig(fs, FSCONFIG_SET_STRING, "user_id", "0", 0) &&
	    !fsconfig(fs, FSCONFIG_SET_STRING, "group_id", "0", 0) &&
	    !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (mount < 0)
		mount = -errno;
	close(fs);
	return mount;
}

/* A daemon's first answer: without it a kernel may refuse notifications. */
static int answer_init(int dev, struct fuse_features *f)
{
	struct {
		struct fuse_in_header head;
		struct fuse_init_in init;
		char rest[FUSE_MIN_READ_BUFFER];
	} ask = { 0 };
	struct {
		struct fuse_out_header head;
		struct fuse_init_out init;
	} reply = { 0 };
	struct pollfd readable = { .fd = dev, .events = POLLIN };

	if (poll(&readable, 1, 1000) != 1 ||
	    read(dev, &ask, sizeof(ask)) < (ssize_t)sizeof(ask.head) ||
	    ask.head.opcode != FUSE_INIT)
		return -EIO;
	f->expire_only = ask.init.flags & FUSE_INIT_EXT &&
			 (uint64_t)ask.init.flags2 << 32 & FUSE_HAS_EXPIRE_ONLY;
	reply.head.len = sizeof(reply);
	reply.head.unique = ask.head.unique;
	reply.init.major = FUSE_KERNEL_VERSION;
	reply.init.minor = FUSE_KERNEL_MINOR_VERSION;
	reply.init.max_write = 4096;
	return write(dev, &reply, sizeof(reply)) < 0 ? -errno : 0;
}

int probe_features(struct fuse_features *f)
{
	int dev = open("/dev/fuse", O_RDWR | O_CLOEXEC), mount, err;
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	uint32_t connection;

	*f = (struct fuse_features){ 0 };
	if (dev < 0)
		return -errno;
	mount = mount_ours(dev);
	err = mount < 0 ? mount : answer_init(dev, f);
	if (!err) {
		f->fdinfo = !identify_by_fdinfo("/proc/self/fdinfo", dev,
						&connection);
		err = message_write(dev, msg, message_epoch(msg));
		f->epochs = !err;
		/* Such is the answer to a code that isn't known. */
		if (err == -EINVAL)
			err = 0;
	}
	/* First the device, so that the unmount asks nobody. */
	close(dev);
	if (mount >= 0)
		close(mount);
	return err;
}
