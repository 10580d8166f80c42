/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * message.h - the bytes of the notifications that a daemon writes to /dev/fuse.
 *
 * They are written as the kernel takes them instead of through libfuse's notify
 * functions: those allocate and look up for every call, which would slow down
 * the rivals, and Debian's libfuse knows neither INC_EPOCH nor PRUNE.
 * Layouts: struct fuse_out_header and fuse_notify_*_out of <linux/fuse.h>.
 *
 * Each function fills msg, which is aligned to 8 bytes, and returns the
 * message's length in bytes; one write() of exactly that sends it.
 */
#ifndef FUSE_EPOCH_INVAL_MESSAGE_H
#define FUSE_EPOCH_INVAL_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/* The kernel takes names of up to FUSE_NAME_MAX bytes. */
#define MESSAGE_NAME_BYTES 1024
/* The longest message about one name or one inode. */
#define MESSAGE_BYTES (48 + MESSAGE_NAME_BYTES + 1)
/* Node IDs in one PRUNE; with 512 and 16384 the whole took the same time. */
#define MESSAGE_PRUNE_CNT 4096
/* The longest of all: a full PRUNE. */
#define MESSAGE_MAX_BYTES (32 + 8 * MESSAGE_PRUNE_CNT)

/* FUSE_NOTIFY_INC_EPOCH. */
size_t message_epoch(char *msg);

/* FUSE_NOTIFY_INVAL_INODE; off -1: attributes only, 0: all pages, too. */
size_t message_inode(char *msg, uint64_t node, int64_t off);

/*
 * FUSE_NOTIFY_INVAL_ENTRY; flags: 0 or FUSE_EXPIRE_ONLY.  Returns 0 if the name
 * is empty or too long.
 */
size_t message_entry(char *msg, uint64_t parent, const char *name,
		     uint32_t flags);

/* FUSE_NOTIFY_DELETE.  Returns 0 as message_entry(). */
size_t message_delete(char *msg, uint64_t parent, uint64_t child,
		      const char *name);

/*
 * FUSE_NOTIFY_PRUNE about cnt nodes, at most MESSAGE_PRUNE_CNT; the caller
 * fills in *nodes.
 */
size_t message_prune(char *msg, uint32_t cnt, uint64_t **nodes);

/* Writes it to a daemon's /dev/fuse: 0, or -errno as the kernel refuses it. */
int message_write(int dev, const char *msg, size_t len);

#endif
