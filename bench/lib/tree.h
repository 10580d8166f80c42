/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tree.h - the synthetic tree: names and inode numbers by arithmetic.
 *
 * Below the mount's root lies one directory, "tree" (slot 0), because the root
 * dentry itself is never revalidated.  The n names below it are the slots 1
 * to n.  All is computed from (shape, n), so a tree of any size takes no memory
 * in the daemon.  Pure: needs libc only.
 */
#ifndef FUSE_EPOCH_LIB_TREE_H
#define FUSE_EPOCH_LIB_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum shape {
	SHAPE_WIDE, /* all names in one directory */
	SHAPE_DEEP, /* TREE_FANOUT children a directory */
	SHAPE_LINKS, /* TREE_LINKS names for each inode */
	SHAPE_NEGATIVE, /* names that don't exist */
	SHAPE_SYMLINKS, /* symbolic links, their targets cached */
	SHAPE_MAX
};

#define TREE_FANOUT 16
#define TREE_LINKS 1000
#define TREE_N_MAX 0xffffffffULL /* names have eight hex digits */

#define TREE_ROOT_NODEID 1
#define TREE_TOP_NODEID 2
#define TREE_TOP_NAME "tree"
#define TREE_NAME_LEN 9
/* Longest path from the root: "tree" and at most 8 levels (16^8 = n_max). */
#define TREE_PATH_MAX (sizeof(TREE_TOP_NAME) + 9 * (TREE_NAME_LEN + 1))

struct tree {
	enum shape shape;
	uint64_t n;
};

const char *shape_name(enum shape shape);
const char *shape_help(enum shape shape);

/* Distinct inodes behind the n names; 0 for SHAPE_NEGATIVE. */
uint64_t tree_inode_cnt(const struct tree *t);

/* Slot of the directory that holds a name. */
uint64_t tree_parent(const struct tree *t, uint64_t slot);

/* Children of a slot: returns how many; *first is the first of them. */
uint64_t tree_children(const struct tree *t, uint64_t slot, uint64_t *first);

bool tree_is_dir(const struct tree *t, uint64_t slot);

/* Directories below slot 0.  They come first: slots 1 to that number. */
uint64_t tree_dir_cnt(const struct tree *t);

/* File type and permissions of a slot, 0 for a name that doesn't exist. */
mode_t tree_mode(const struct tree *t, uint64_t slot);

/* Slot 0 and the n names have node IDs; several slots share one in LINKS. */
uint64_t tree_nodeid(const struct tree *t, uint64_t slot);

/* First slot with that node ID; false if it has none. */
bool tree_slot_of(const struct tree *t, uint64_t nodeid, uint64_t *slot);

/* Writes TREE_NAME_LEN characters, no NUL. */
void tree_name(uint64_t slot, char *out);

/* Slot of the name in the directory dir_slot; false if it isn't in it. */
bool tree_find(const struct tree *t, uint64_t dir_slot, const char *name,
	       uint64_t *slot);

/*
 * Path of a slot relative to the root, with NUL, at most TREE_PATH_MAX bytes.
 * Returns its length.
 */
size_t tree_path(const struct tree *t, uint64_t slot, char *out);

/*
 * Estimate of the kernel memory the cached tree takes: the peaks of 10M names
 * (wide) and 50M (links) in results/reference/scale-*.jsonl, rounded up.
 */
uint64_t tree_mem_bytes(const struct tree *t);

/* Largest n of this shape that fits into mem_bytes. */
uint64_t tree_n_fitting(enum shape shape, uint64_t mem_bytes);

#endif
