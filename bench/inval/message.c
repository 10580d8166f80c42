// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>
#include <unistd.h>

/* Newer than Debian's <linux/fuse.h>: protocol 7.44 and 7.45. */
#define NOTIFY_INC_EPOCH 8
#define NOTIFY_PRUNE 9

struct prune_out { /* struct fuse_notify_prune_out */
	uint32_t count;
	uint32_t padding;
	uint64_t spare;
};

/* The code of a notification is where a reply has its error. */
static size_t finish(char *msg, int code, size_t payload)
{
	struct fuse_out_header *h = (struct fuse_out_header *)msg;

	h->len = (uint32_t)(sizeof(*h) + payload);
	h->error = code;
	h->unique = 0;
	return h->len;
}

static void *payload_of(char *msg)
{
	return msg + sizeof(struct fuse_out_header);
}

size_t message_epoch(char *msg)
{
	return finish(msg, NOTIFY_INC_EPOCH, 0);
}

size_t message_inode(char *msg, uint64_t node, int64_t off)
{
	struct fuse_notify_inval_inode_out *out = payload_of(msg);

	out->ino = node;
	out->off = off;
	out->len = 0;
	return finish(msg, FUSE_NOTIFY_INVAL_INODE, sizeof(*out));
}

/* The kernel wants the name's NUL, but doesn't count it in namelen. */
size_t message_entry(char *msg, uint64_t parent, const char *name,
		     uint32_t flags)
{
	struct fuse_notify_inval_entry_out *out = payload_of(msg);
	size_t len = strlen(name);

	if (!len || len > MESSAGE_NAME_BYTES)
		return 0;
	out->parent = parent;
	out->namelen = (uint32_t)len;
	out->flags = flags;
	memcpy(out + 1, name, len + 1);
	return finish(msg, FUSE_NOTIFY_INVAL_ENTRY, sizeof(*out) + len + 1);
}

size_t message_delete(char *msg, uint64_t parent, uint64_t child,
		      const char *name)
{
	struct fuse_notify_delete_out *out = payload_of(msg);
	size_t len = strlen(name);

	if (!len || len > MESSAGE_NAME_BYTES)
		return 0;
	out->parent = parent;
	out->child = child;
	out->namelen = (uint32_t)len;
	out->padding = 0;
	memcpy(out + 1, name, len + 1);
	return finish(msg, FUSE_NOTIFY_DELETE, sizeof(*out) + len + 1);
}

size_t message_prune(char *msg, uint32_t cnt, uint64_t **nodes)
{
	struct prune_out *out = payload_of(msg);

	out->count = cnt;
	out->padding = 0;
	out->spare = 0;
	*nodes = (uint64_t *)(out + 1);
	return finish(msg, NOTIFY_PRUNE, sizeof(*out) + 8UL * cnt);
}

int message_write(int dev, const char *msg, size_t len)
{
	return write(dev, msg, len) == (ssize_t)len ? 0 : -errno;
}
