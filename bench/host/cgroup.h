/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup.h - how much memory cgroups still let us allocate.
 */
#ifndef FUSE_EPOCH_HOST_CGROUP_H
#define FUSE_EPOCH_HOST_CGROUP_H

#include <stdint.h>

/*
 * The tightest limit in bytes among our cgroups and those above them, less what
 * is in use; UINT64_MAX if none sets one.  Of version 2 memory.max and
 * memory.high, which only slows down, but so that no measurement is one; of
 * version 1 memory.limit_in_bytes.  root: where cgroups are mounted
 * ("/sys/fs/cgroup"), self: a file such as /proc/self/cgroup.
 */
uint64_t cgroup_room_bytes(const char *root, const char *self);

#endif
