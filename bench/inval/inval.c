// SPDX-License-Identifier: GPL-2.0-only
/*
 * inval.c - the table of methods.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <unistd.h>

#include "inval.h"
#include "message.h"

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
	return (tree_inode_cnt(t) + MESSAGE_PRUNE_CNT - 1) / MESSAGE_PRUNE_CNT;
}

static size_t build_epoch(const struct tree *t, uint64_t i, char *msg)
{
	(void)t, (void)i;
	return message_epoch(msg);
}

static size_t name_epoch(const struct inval_name *n, char *msg)
{
	(void)n;
	return message_epoch(msg);
}

static size_t build_inode_attr(const struct tree *t, uint64_t i, char *msg)
{
	return message_inode(msg, inode_nr(t, i), -1);
}

static size_t build_inode_all(const struct tree *t, uint64_t i, char *msg)
{
	return message_inode(msg, inode_nr(t, i), 0);
}

static size_t name_attr(const struct inval_name *n, char *msg)
{
	return n->child ? message_inode(msg, n->child, -1) : 0;
}

static size_t name_inode(const struct inval_name *n, char *msg)
{
	return n->child ? message_inode(msg, n->child, 0) : 0;
}

static size_t build_name(const struct tree *t, uint64_t i, uint32_t flags,
			 char *msg)
{
	uint64_t slot = slot_nr(t, i);
	char name[TREE_NAME_LEN + 1] = "";

	tree_name(slot, name);
	return message_entry(msg, tree_nodeid(t, tree_parent(t, slot)), name,
			     flags);
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
	return message_entry(msg, n->parent, n->name, 0);
}

static size_t name_expire(const struct inval_name *n, char *msg)
{
	return message_entry(msg, n->parent, n->name, FUSE_EXPIRE_ONLY);
}

static size_t build_entry_top(const struct tree *t, uint64_t i, char *msg)
{
	(void)t, (void)i;
	return message_entry(msg, TREE_ROOT_NODEID, TREE_TOP_NAME, 0);
}

static size_t build_delete(const struct tree *t, uint64_t i, char *msg)
{
	uint64_t slot = slot_nr(t, i);
	char name[TREE_NAME_LEN + 1] = "";

	tree_name(slot, name);
	return message_delete(msg, tree_nodeid(t, tree_parent(t, slot)),
			      tree_nodeid(t, slot), name);
}

static size_t build_prune(const struct tree *t, uint64_t i, char *msg)
{
	uint64_t from = i * MESSAGE_PRUNE_CNT, *node;
	uint64_t rest = tree_inode_cnt(t) - from;
	uint32_t cnt = rest < MESSAGE_PRUNE_CNT ? rest : MESSAGE_PRUNE_CNT;
	size_t len = message_prune(msg, cnt, &node);

	for (uint32_t k = 0; k < cnt; k++)
		node[k] = inode_nr(t, from + k);
	return len;
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
	int err = message_write(dev, msg, len);

	return err == -EINVAL ? -EOPNOTSUPP : err;
}

static int probe_epoch(const struct inval_env *env)
{
	char msg[64] __attribute__((aligned(8)));

	return probe_msg(env->dev, msg, message_epoch(msg));
}

static int probe_prune(const struct inval_env *env)
{
	char msg[64] __attribute__((aligned(8)));
	uint64_t *none;

	return probe_msg(env->dev, msg, message_prune(msg, 0, &none));
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
	{ .name = "none",
	  .help = "nothing: the control",
	  .unfit_real = "is the control, which is always measured" },
	{ .name = "epoch",
	  .help = "one INC_EPOCH: all names are stale at their next lookup",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN,
	  .hazards = EPOCH_HAZARDS | HAZARD_MEMORY,
	  .hazards_in_part = EPOCH_IN_PART,
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
	  .gaps = GAP_OPEN,
	  .hazards = EPOCH_HAZARDS,
	  .hazards_in_part = EPOCH_IN_PART,
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
	  .gaps = GAP_OPEN,
	  .hazards = EPOCH_HAZARDS,
	  .hazards_in_part = EPOCH_IN_PART,
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
	  .gaps = GAP_NAME | GAP_MISSING | GAP_READ | GAP_PREAD | GAP_READLINK |
		  GAP_GETDENTS,
	  .hazards_in_part = HAZARD_READDIRPLUS,
	  .ctl_help = "attributes only",
	  .needs_inodes = true,
	  .msg_cnt = tree_inode_cnt,
	  .build = build_inode_attr,
	  .build_name = name_attr },
	{ .name = "inval_inode",
	  .help = "INVAL_INODE (0, 0) for each inode: attributes and pages",
	  .guarantee = GUARANTEE_ATTRS,
	  .gaps = GAP_NAME | GAP_MISSING,
	  .hazards_in_part = HAZARD_DEADLOCK | HAZARD_READDIRPLUS,
	  .ctl_help = "attributes and cached data; the name stays valid",
	  .needs_inodes = true,
	  .msg_cnt = tree_inode_cnt,
	  .build = build_inode_all,
	  .build_name = name_inode },
	{ .name = "inval_entry",
	  .help = "INVAL_ENTRY for each name",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN,
	  .hazards = GONE_HAZARDS,
	  .hazards_in_part = GONE_IN_PART | HAZARD_WATCH,
	  .ctl_help = "the name: looked up again, and all below it forgotten",
	  .drops_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = per_name,
	  .build = build_inval_entry,
	  .build_name = name_entry },
	{ .name = "inval_entry_top",
	  .help = "one INVAL_ENTRY for the top directory: takes all below "
		  "along",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN,
	  .hazards = GONE_HAZARDS,
	  .hazards_in_part = FORGET_IN_PART | HAZARD_BOUND | HAZARD_ERROR |
			     HAZARD_LISTING | HAZARD_READDIRPLUS | HAZARD_WATCH,
	  .unfit_real = "needs one directory that all names are below",
	  .drops_inodes = true,
	  .msg_cnt = one,
	  .build = build_entry_top },
	{ .name = "expire_entry",
	  .help = "INVAL_ENTRY with EXPIRE_ONLY for each name",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN | GAP_READ | GAP_READLINK,
	  .hazards_in_part = HAZARD_SUBMOUNT | HAZARD_OVERLAY |
			     HAZARD_ATTRIBUTES | HAZARD_DEADLOCK |
			     HAZARD_ERROR | HAZARD_HANDLE | HAZARD_HERD,
	  .ctl_help = "the name: looked up again, but nothing is forgotten",
	  .msg_cnt = per_name,
	  .build = build_expire_entry,
	  .build_name = name_expire,
	  .probe = probe_expire },
	{ .name = "delete",
	  .help = "DELETE for each name (it stays in the file system)",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN,
	  .hazards = GONE_HAZARDS | HAZARD_WATCH,
	  .hazards_in_part = GONE_IN_PART,
	  .unfit_real = "tells the kernel that files which exist don't",
	  .drops_inodes = true,
	  .needs_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = per_name,
	  .build = build_delete },
	{ .name = "prune",
	  .help = "PRUNE of all inodes, 4096 in a message",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN | GAP_MISSING,
	  .hazards = HAZARD_KEPT,
	  .hazards_in_part = UNUSED_IN_PART,
	  .unfit_real =
		  "leaves names that are in use, or don't exist, as they were",
	  .drops_inodes = true,
	  .needs_inodes = true,
	  .leaf_first = true,
	  .msg_cnt = prune_cnt,
	  .build = build_prune,
	  .probe = probe_prune },
	{ .name = "drop_caches",
	  .help = "echo 2 >/proc/sys/vm/drop_caches (the whole machine)",
	  .guarantee = GUARANTEE_SOME,
	  .gaps = GAP_OPEN,
	  .hazards_in_part = HAZARD_NUMBERS,
	  .unfit_real = "leaves names that are in use as they were, and drops "
			"those of the whole machine",
	  .act = act_drop_caches,
	  .probe = probe_drop_caches },
	{ .name = "remount",
	  .help = "mount -o remount: shrinks the super block's dentries",
	  .guarantee = GUARANTEE_NAMES,
	  .gaps = GAP_OPEN,
	  .hazards = HAZARD_KEPT,
	  .hazards_in_part = UNUSED_IN_PART,
	  .unfit_real = "leaves names that are in use as they were",
	  .drops_inodes = true,
	  .act = act_remount },
	/* inval_own: not offered by its name */
	{ .name = "own",
	  .help = "what the daemon itself does",
	  .guarantee = GUARANTEE_SOME },
};

const unsigned int inval_own =
	sizeof(inval_methods) / sizeof(inval_methods[0]) - 1;
const unsigned int inval_method_cnt = inval_own;

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

const char *inval_unfit_real(const struct inval_method *m)
{
	if (m->unfit_real)
		return m->unfit_real;
	return m->build_name ? NULL : "has no message about a single name";
}

bool inval_is_about_names(const struct inval_method *m)
{
	return m->guarantee == GUARANTEE_NAMES;
}
