/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount_tables_internal.h - between those who read mount tables, and those who
 * answer from them.
 */
#ifndef FUSE_EPOCH_LIB_MOUNT_TABLES_INTERNAL_H
#define FUSE_EPOCH_LIB_MOUNT_TABLES_INTERNAL_H

#include "mount_tables.h"

struct libmnt_table;
struct namespace_pids;

/* Tables own the strings, mounts point to them. */
struct mount_tables {
	struct libmnt_table **tables;
	size_t table_cnt;
	struct mount *mounts; /* ours come first */
	size_t cnt, room;
	struct mount **by_id; /* of one namespace after the other */
	struct mount **by_parent;
	struct mount **by_dev;
	struct mount **by_path; /* those of our namespace come first */
	struct namespace_pids *pids;
	ino_t own; /* our namespace: from another, /proc may not be found */
	bool complete;
};

/*
 * All mounts are in place, so that they may be pointed to: makes the indexes.
 * NULL, and m is freed, where err isn't 0 or there is no memory.
 */
struct mount_tables *mount_tables_finish(struct mount_tables *m, int err);

#endif
