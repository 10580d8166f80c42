/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * messages.h - what a method writes to a daemon's /dev/fuse about names of its
 * file system.  All are made before the first is sent: to learn node ids, names
 * are looked up.
 */
#ifndef FUSE_EPOCH_DAEMON_MESSAGES_H
#define FUSE_EPOCH_DAEMON_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "bench/inval/inval.h"

struct messages;

/* About names in the file system of that device, below root.  NULL: no memory. */
struct messages *messages_new(const struct inval_method *method,
			      const char *root, uint32_t dev);
void messages_free(struct messages *m);

/*
 * Adds what the method has to say about the name at a path, relative to root.
 * 0 or -errno: -EPROTO, this kernel doesn't tell node ids.
 */
int messages_add(struct messages *m, const char *path);

/*
 * Sends all, in the order in which they were added.  first_errno isn't ENOENT,
 * which the kernel says of a name that it hasn't cached.
 */
void messages_send(const struct messages *m, int dev, struct inval_result *res);

#endif
