// SPDX-License-Identifier: GPL-2.0-only
/*
 * inval.c - the table of methods, and their messages.
 *
 * Messages are written as the kernel takes them instead of through libfuse's
 * notify functions: those allocate and look up for every call, which would
 * slow down the rivals, and Debian's libfuse knows neither INC_EPOCH nor PRUNE.
 * Layouts: struct fuse_out_header and fuse_notify_*_out of <linux/fuse.h>.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <unistd.h>

#include "inval.h"

/* Newer than Debian's <linux/fuse.h>: protocol 7.44 and 7.45. */
#define NOTIFY_INC_EPOCH 8
#define NOTIFY_PRUNE 9

/* In one PRUNE message; with 512 and 16384 the whole took the same time. */
#define PRUNE_BATCH 4096

struct prune_out { /* struct fuse_notify_prune_out */
	uint32_t count;
	uint32_t padding;
	uint64_t spare;
};

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

/*
 * Slot of message i.  In a deep tree leaves go first: a directory that goes
 * before its children takes them along, and their messages find nothing.
 */
static uint64_t slot_nr(const struct tree *t, uint64_t i)
{
	return t->shape == SHAPE_DEEP ? t->n - i : i + 1;
}

static uint64_t inode_nr(const struct tree *t, uint64_t i)
{
	uint64_t cnt = tree_inode_cnt(t);

	return TREE_TOP_NODEID + (t->shape == SHAPE_DEEP ? cnt - i : i + 1);
}

static uint64_t one(const struct tree *t)
{
	(void)t;
	return 1;
}

static uint64_t per_name(const struct tree *t)
{
	return t->n;
}

static uint64_t prune_cnt(const struct tree *t)
{
	return (tree_inode_cnt(t) + PRUNE_BATCH - 1) / PRUNE_BATCH;
}

static size_t build_epoch(const struct tree *t, uint64_t i, char *msg)
{
	(void)t, (void)i;
	return finish(msg, NOTIFY_INC_EPOCH, 0);
}

static size_t name_epoch(const struct inval_name *n, char *msg)
{
	(void)n;
	return build_epoch(NULL, 0, msg);
}

static size_t build_inode(uint64_t ino, int64_t off, char *msg)
{
	struct fuse_notify_inval_inode_out *out = payload_of(msg);

	out->ino = ino;
	out->off = off;
	out->len = 0;
	return finish(msg, FUSE_NOTIFY_INVAL_INODE, sizeof(*out));
}

static size_t build_inode_attr(const struct tree *t, uint64_t i, char *msg)
{
	return build_inode(inode_nr(t, i), -1, msg);
}

static size_t build_inode_all(const struct tree *t, uint64_t i, char *msg)
{
	return build_inode(inode_nr(t, i), 0, msg);
}

static size_t name_attr(const struct inval_name *n, char *msg)
{
	return n->child ? build_inode(n->child, -1, msg) : 0;
}

static size_t name_inode(const struct inval_name *n, char *msg)
{
	return n->child ? build_inode(n->child, 0, msg) : 0;
}

/* The kernel wants the name's NUL, but doesn't count it in namelen. */
static size_t build_entry(uint64_t parent, const char *name, uint32_t flags,
			  char *msg)
{
	struct fuse_notify_inval_entry_out *out = payload_of(msg);
	size_t len = strlen(name);

	if (!len)
		return 0;
	out->parent = parent;
	out->namelen = (uint32_t)len;
	out->flags = flags;
	memcpy(out + 1, name, len + 1);
	return finish(msg, FUSE_NOTIFY_INVAL_ENTRY, sizeof(*out) + len + 1);
}

static size_t build_name(const struct tree *t, uint64_t i, uint32_t flags,
			 char *msg)
{
	uint64_t slot = slot_nr(t, i);
	char name[TREE_NAME_LEN + 1] = "";

	tree_name(slot, name);
	return build_entry(tree_nodeid(t, tree_parent(t, slot)), name, flags,
			   msg);
}

static size_t build_inval_entry(const struct tree *t, uint64_t i, char *msg)
{
	return build_name(t, i, 0, msg);
}

static size_t build_expire_entry(const struct tree *t, uint64_t i, char *msg)
{
	return build_name(t, i, FUSE_EXPIRE_ONLY, msg);
}

static size_t name_entry(const struct inval_name *n, char *msg)
{
	return build_entry(n->parent, n->name, 0, msg);
}

static size_t name_expire(const struct inval_name *n, char *msg)
{
	return build_entry(n->parent, n->name, FUSE_EXPIRE_ONLY, msg);
}

static size_t build_entry_top(const struct tree *t, uint64_t i, char *msg)
{
	(void)t, (void)i;
	return build_entry(TREE_ROOT_NODEID, TREE_TOP_NAME, 0, msg);
}

static size_t build_delete(const struct tree *t, uint64_t i, char *msg)
{
	struct fuse_notify_delete_out *out = payload_of(msg);
	char *name = (char *)(out + 1);
	uint64_t slot = slot_nr(t, i);

	out->parent = tree_nodeid(t, tree_parent(t, slot));
	out->child = tree_nodeid(t, slot);
	out->namelen = TREE_NAME_LEN;
	out->padding = 0;
	tree_name(slot, name);
	name[TREE_NAME_LEN] = 0;
	return finish(msg, FUSE_NOTIFY_DELETE,
		      sizeof(*out) + TREE_NAME_LEN + 1);
}

static size_t build_prune(const struct tree *t, uint64_t i, char *msg)
{
	struct prune_out *out = payload_of(msg);
	uint64_t *id = (uint64_t *)(out + 1);
	uint64_t from = i * PRUNE_BATCH;
	uint64_t rest = tree_inode_cnt(t) - from;

	out->count = (uint32_t)(rest < PRUNE_BATCH ? rest : PRUNE_BATCH);
	out->padding = 0;
	out->spare = 0;
	for (uint32_t k = 0; k < out->count; k++)
		id[k] = inode_nr(t, from + k);
	return finish(msg, NOTIFY_PRUNE, sizeof(*out) + 8UL * out->count);
}

static int act_drop_caches(const char *mountpoint)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	int err;

	(void)mountpoint; /* there is no narrower one */
	if (fd < 0)
		return -errno;
	err = write(fd, "2", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}

static int act_remount(const char *mountpoint)
{
	unsigned long flags = MS_REMOUNT | MS_NOSUID | MS_NODEV;

	return mount(NULL, mountpoint, NULL, flags, NULL) ? -errno : 0;
}

/* A code that the kernel doesn't know gives EINVAL: so does every old kernel. */
static int probe_msg(int dev, const char *msg, size_t len)
{
	if (write(dev, msg, len) == (ssize_t)len)
		return 0;
	return errno == EINVAL ? -EOPNOTSUPP : -errno;
}

static int probe_epoch(const struct inval_env *env)
{
	char msg[64] __attribute__((aligned(8)));

	return probe_msg(env->dev, msg, build_epoch(NULL, 0, msg));
}

static int probe_prune(const struct inval_env *env)
{
	static const struct tree none = { .shape = SHAPE_WIDE, .n = 0 };
	char msg[64] __attribute__((aligned(8)));

	return probe_msg(env->dev, msg, build_prune(&none, 0, msg));
}

#define SHRINK_PARAM "/sys/module/fuse/parameters/epoch_shrink"

static int probe_shrink(const struct inval_env *env)
{
	if (access(SHRINK_PARAM, W_OK))
		return -EOPNOTSUPP;
	return probe_epoch(env);
}

/* An older kernel ignores the flag, and would drop what it should expire. */
static int probe_expire(const struct inval_env *env)
{
	return env->expire_only ? 0 : -EOPNOTSUPP;
}

static int probe_drop_caches(const struct inval_env *env)
{
	(void)env;
	return access("/proc/sys/vm/drop_caches", W_OK) ? -EOPNOTSUPP : 0;
}

const struct inval_method inval_methods[] = {
	{ .name = "none", .help = "nothing: the control" },
	{ .name = "epoch",
	  .help = "one INC_EPOCH: all names are stale at their next lookup",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .msg_cnt = one,
	  .build = build_epoch,
	  .names_all = true,
	  .build_name = name_epoch,
	  .probe = probe_epoch,
	  /* whatever the administrator has set: this is the bare bump */
	  .param = SHRINK_PARAM,
	  .param_value = "0" },
	{ .name = "epoch_shrink_sync",
	  .help = "the same, and the message drops all unused dentries "
		  "(unsafe)",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .msg_cnt = one,
	  .build = build_epoch,
	  .names_all = true,
	  .build_name = name_epoch,
	  .probe = probe_shrink,
	  .param = SHRINK_PARAM,
	  .param_value = "1" },
	{ .name = "epoch_shrink",
	  .help = "the same, and a kernel worker drops those of old epochs",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .frees_later = true,
	  .needs_inodes = true, /* their FORGETs tell when it is done */
	  .msg_cnt = one,
	  .build = build_epoch,
	  .names_all = true,
	  .build_name = name_epoch,
	  .probe = probe_shrink,
	  .param = SHRINK_PARAM,
	  .param_value = "2" },
	{ .name = "inval_inode_attr",
	  .help = "INVAL_INODE (offset -1) for each inode: attributes only",
	  .guarantee = GUARANTEE_ATTRS,
	  .needs_inodes = true,
	  .msg_cnt = tree_inode_cnt,
	  .build = build_inode_attr,
	  .build_name = name_attr },
	{ .name = "inval_inode",
	  .help = "INVAL_INODE (0, 0) for each inode: attributes and pages",
	  .guarantee = GUARANTEE_ATTRS,
	  .needs_inodes = true,
	  .msg_cnt = tree_inode_cnt,
	  .build = build_inode_all,
	  .build_name = name_inode },
	{ .name = "inval_entry",
	  .help = "INVAL_ENTRY for each name",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = per_name,
	  .build = build_inval_entry,
	  .build_name = name_entry },
	{ .name = "inval_entry_top",
	  .help = "one INVAL_ENTRY for the top directory: takes all below "
		  "along",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .msg_cnt = one,
	  .build = build_entry_top },
	{ .name = "expire_entry",
	  .help = "INVAL_ENTRY with EXPIRE_ONLY for each name",
	  .guarantee = GUARANTEE_NAMES,
	  .msg_cnt = per_name,
	  .build = build_expire_entry,
	  .build_name = name_expire,
	  .probe = probe_expire },
	{ .name = "delete",
	  .help = "DELETE for each name (it stays in the file system)",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .needs_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = per_name,
	  .build = build_delete },
	{ .name = "prune",
	  .help = "PRUNE of all inodes, 4096 in a message",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .needs_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = prune_cnt,
	  .build = build_prune,
	  .probe = probe_prune },
	{ .name = "drop_caches",
	  .help = "echo 2 >/proc/sys/vm/drop_caches (the whole machine)",
	  .guarantee = GUARANTEE_SOME,
	  .act = act_drop_caches,
	  .probe = probe_drop_caches },
	{ .name = "remount",
	  .help = "mount -o remount: shrinks the super block's dentries",
	  .guarantee = GUARANTEE_NAMES,
	  .drops_inodes = true,
	  .act = act_remount },
};

const unsigned int inval_method_cnt =
	sizeof(inval_methods) / sizeof(inval_methods[0]);

int inval_by_name(const char *name)
{
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		if (!strcasecmp(inval_methods[i].name, name))
			return (int)i;
	return -1;
}

const char *guarantee_name(enum guarantee g)
{
	static const char *const names[] = { "none", "attrs", "names", "some" };

	return names[g];
}

const char *inval_unfit(const struct inval_method *m, const struct tree *t,
			unsigned int threads)
{
	if (m->needs_inodes && t->shape == SHAPE_NEGATIVE)
		return "names that don't exist have no inode";
	if (m->leaf_first && t->shape == SHAPE_DEEP && threads > 1)
		return "a deep tree goes leaves first, in one thread";
	return NULL;
}
