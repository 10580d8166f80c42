/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * message.h - the notifications that epochctl writes to a daemon's device.
 */
#ifndef FUSE_EPOCH_CTL_MESSAGE_H
#define FUSE_EPOCH_CTL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest: a name has 255 bytes, but FUSE allows 1024. */
#define CTL_MESSAGE_MAX (32 + 1024 + 1)

/* FUSE_NOTIFY_INC_EPOCH, written at once.  0 or -errno. */
int ctl_message_epoch(int dev);

/* FUSE_NOTIFY_INVAL_INODE; attr_only: not its pages.  Returns the length. */
size_t ctl_message_inode(char *msg, uint64_t node, bool attr_only);

/* FUSE_NOTIFY_INVAL_ENTRY.  Returns the length, 0 if the name is too long. */
size_t ctl_message_entry(char *msg, uint64_t parent, const char *name,
			 bool expire_only);

#endif
