/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount_holder.h - who keeps a file system alive that was unmounted?
 */
#ifndef FUSE_EPOCH_HOST_MOUNT_HOLDER_H
#define FUSE_EPOCH_HOST_MOUNT_HOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Of a device (major << 20 | minor), without asking its daemon: "process 4711
 * (sleep) has it mounted in a mount namespace of its own".  False: nobody is
 * found.
 */
bool mount_holder(uint32_t dev, char *buf, size_t len);

#endif
