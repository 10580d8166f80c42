// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/fuse.h>

/* Newer than the headers of Debian 12. */
#define NOTIFY_INC_EPOCH 8

/* The code of a notification is where a reply has its error. */
static size_t put(char *msg, int code, const void *body, size_t body_len,
		  const char *name, size_t name_len)
{
	struct fuse_out_header head = {
		.len = sizeof(head) + body_len + name_len,
		.error = code,
	};

	memcpy(msg, &head, sizeof(head));
	if (body_len)
		memcpy(msg + sizeof(head), body, body_len);
	if (name_len)
		memcpy(msg + sizeof(head) + body_len, name, name_len);
	return head.len;
}

int ctl_message_epoch(int dev)
{
	char msg[CTL_MESSAGE_MAX];
	size_t len = put(msg, NOTIFY_INC_EPOCH, NULL, 0, NULL, 0);

	return write(dev, msg, len) == (ssize_t)len ? 0 : -errno;
}

size_t ctl_message_inode(char *msg, uint64_t node, bool attr_only)
{
	struct fuse_notify_inval_inode_out body = {
		.ino = node,
		.off = attr_only ? -1 : 0,
	};

	return put(msg, FUSE_NOTIFY_INVAL_INODE, &body, sizeof(body), NULL, 0);
}

size_t ctl_message_entry(char *msg, uint64_t parent, const char *name,
			 bool expire_only)
{
	struct fuse_notify_inval_entry_out body = {
		.parent = parent,
		.namelen = strlen(name),
		.flags = expire_only ? FUSE_EXPIRE_ONLY : 0,
	};

	if (body.namelen > 1024)
		return 0;
	return put(msg, FUSE_NOTIFY_INVAL_ENTRY, &body, sizeof(body), name,
		   body.namelen + 1);
}
