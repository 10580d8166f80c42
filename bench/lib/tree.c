// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree.c - the synthetic tree: names and inode numbers by arithmetic.
 *
 * SHAPE_DEEP is numbered like a heap: the children of slot s are
 * s * TREE_FANOUT + 1 and the following, so parent and children need no table.
 */
#include <string.h>
#include <sys/stat.h>

#include "tree.h"

static const struct {
	const char *name;
	const char *help;
	double bytes_per_name; /* dentry, and inode where each has its own */
	double bytes_per_inode; /* inode shared by several names */
} shapes[SHAPE_MAX] = {
	[SHAPE_WIDE] = { "wide", "all names in one directory", 1250, 0 },
	[SHAPE_DEEP] = { "deep", "a tree, 16 names a directory", 1250, 0 },
	[SHAPE_LINKS] = { "links", "hard links, 1000 names an inode", 211,
			  1039 },
	[SHAPE_NEGATIVE] = { "negative", "names that don't exist", 195, 0 },
	/* One page of the page cache holds the target. */
	[SHAPE_SYMLINKS] = { "symlinks", "symbolic links, targets cached",
			     1250 + 4096, 0 },
};

const char *shape_name(enum shape shape)
{
	return shapes[shape].name;
}

const char *shape_help(enum shape shape)
{
	return shapes[shape].help;
}

uint64_t tree_inode_cnt(const struct tree *t)
{
	switch (t->shape) {
	case SHAPE_NEGATIVE:
		return 0;
	case SHAPE_LINKS:
		return (t->n + TREE_LINKS - 1) / TREE_LINKS;
	default:
		return t->n;
	}
}

uint64_t tree_parent(const struct tree *t, uint64_t slot)
{
	if (t->shape != SHAPE_DEEP || !slot)
		return 0;
	return (slot - 1) / TREE_FANOUT;
}

uint64_t tree_children(const struct tree *t, uint64_t slot, uint64_t *first)
{
	uint64_t rest;

	if (t->shape == SHAPE_NEGATIVE)
		return 0;
	if (t->shape != SHAPE_DEEP) {
		*first = 1;
		return slot ? 0 : t->n;
	}
	*first = slot * TREE_FANOUT + 1;
	if (*first > t->n)
		return 0;
	rest = t->n - *first + 1;
	return rest < TREE_FANOUT ? rest : TREE_FANOUT;
}

bool tree_is_dir(const struct tree *t, uint64_t slot)
{
	uint64_t first;

	return !slot ||
	       (t->shape == SHAPE_DEEP && tree_children(t, slot, &first));
}

uint64_t tree_dir_cnt(const struct tree *t)
{
	return t->shape == SHAPE_DEEP ? tree_parent(t, t->n) : 0;
}

mode_t tree_mode(const struct tree *t, uint64_t slot)
{
	if (tree_is_dir(t, slot))
		return S_IFDIR | 0755;
	switch (t->shape) {
	case SHAPE_NEGATIVE:
		return 0;
	case SHAPE_SYMLINKS:
		return S_IFLNK | 0777;
	default:
		return S_IFREG | 0644;
	}
}

uint64_t tree_nodeid(const struct tree *t, uint64_t slot)
{
	if (t->shape == SHAPE_LINKS && slot)
		return TREE_TOP_NODEID + 1 + (slot - 1) % tree_inode_cnt(t);
	return TREE_TOP_NODEID + slot;
}

bool tree_slot_of(const struct tree *t, uint64_t nodeid, uint64_t *slot)
{
	if (nodeid < TREE_TOP_NODEID)
		return false;
	*slot = nodeid - TREE_TOP_NODEID;
	return *slot <= tree_inode_cnt(t);
}

void tree_name(uint64_t slot, char *out)
{
	*out = 'f';
	for (int i = TREE_NAME_LEN - 1; i > 0; i--, slot >>= 4)
		out[i] = "0123456789abcdef"[slot & 15];
}

static bool name_parse(const char *name, uint64_t *slot)
{
	if (*name++ != 'f')
		return false;
	*slot = 0;
	for (int i = 1; i < TREE_NAME_LEN; i++, name++) {
		if (*name >= '0' && *name <= '9')
			*slot = *slot << 4 | (uint64_t)(*name - '0');
		else if (*name >= 'a' && *name <= 'f')
			*slot = *slot << 4 | (uint64_t)(*name - 'a' + 10);
		else
			return false;
	}
	return !*name;
}

bool tree_find(const struct tree *t, uint64_t dir_slot, const char *name,
	       uint64_t *slot)
{
	uint64_t first, cnt = tree_children(t, dir_slot, &first);

	return cnt && name_parse(name, slot) && *slot >= first &&
	       *slot < first + cnt;
}

size_t tree_path(const struct tree *t, uint64_t slot, char *out)
{
	uint64_t up[16];
	int depth = 0;
	char *p = out;

	for (; slot; slot = tree_parent(t, slot))
		up[depth++] = slot;
	memcpy(p, TREE_TOP_NAME, sizeof(TREE_TOP_NAME) - 1);
	p += sizeof(TREE_TOP_NAME) - 1;
	while (depth) {
		*p++ = '/';
		tree_name(up[--depth], p);
		p += TREE_NAME_LEN;
	}
	*p = 0;
	return (size_t)(p - out);
}

uint64_t tree_mem_bytes(const struct tree *t)
{
	return (uint64_t)((double)t->n * shapes[t->shape].bytes_per_name +
			  (double)tree_inode_cnt(t) *
				  shapes[t->shape].bytes_per_inode);
}

uint64_t tree_n_fitting(enum shape shape, uint64_t mem_bytes)
{
	double each = shapes[shape].bytes_per_name;
	struct tree t = { .shape = shape, .n = TREE_N_MAX };

	if (shape == SHAPE_LINKS)
		each += shapes[shape].bytes_per_inode / TREE_LINKS;
	if ((double)mem_bytes / each < (double)TREE_N_MAX)
		t.n = (uint64_t)((double)mem_bytes / each);
	/* The last inode may be shared by fewer names than the others. */
	while (t.n && tree_mem_bytes(&t) > mem_bytes)
		t.n--;
	return t.n;
}
