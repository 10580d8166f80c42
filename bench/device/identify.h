/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * identify.h - which connection does an open /dev/fuse belong to?
 *
 * Asked without a message to anybody, and without touching the file system.
 */
#ifndef FUSE_EPOCH_DEVICE_IDENTIFY_H
#define FUSE_EPOCH_DEVICE_IDENTIFY_H

#include <stdint.h>

/* As the kernel has it, and as it numbers connections. */
static inline uint32_t device_number(uint32_t major, uint32_t minor)
{
	return major << 20 | minor;
}

/*
 * The line "fuse_connection" (6.16) of the file FD in a folder of /proc.  0, or
 * -ENODATA: there is none, or another -errno.
 */
int identify_by_fdinfo(const char *folder, int fd, uint32_t *connection);

/*
 * A descriptor of ours, on any kernel since 5.14.  0 or -errno: -ENOTCONN, not
 * mounted, or not any more; -EBUSY, mounted by another user namespace; -EINVAL,
 * this kernel can't tell.
 */
int identify_device(int fd, uint32_t *connection);

#endif
