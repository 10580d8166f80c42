/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * namespace.h - a mount namespace of our own.
 */
#ifndef FUSE_EPOCH_HOST_NAMESPACE_H
#define FUSE_EPOCH_HOST_NAMESPACE_H

/*
 * Makes a copy of the mount namespace for this process, with all mounts MS_SLAVE
 * or MS_PRIVATE, also where the root is a directory that isn't a mount point (a
 * chroot).  Returns 0 or -errno (-EPERM: needs root).
 */
int namespace_own(unsigned long propagation);

#endif
