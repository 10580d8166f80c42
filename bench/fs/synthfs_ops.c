// SPDX-License-Identifier: GPL-2.0-only
/*
 * synthfs_ops.c - the file system operations of the synthetic tree.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "synthfs_ops.h"

#define FILE_BYTES 4096
#define LINK_TARGET "target"

static struct synthfs_ops_ctx *ctx_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static void attr_of(const struct tree *t, uint64_t slot, struct stat *st)
{
	st->st_ino = tree_nodeid(t, slot);
	st->st_mode = tree_mode(t, slot);
	st->st_nlink = S_ISDIR(st->st_mode) ? 2 : 1;
	if (S_ISREG(st->st_mode))
		st->st_size = FILE_BYTES;
	else if (S_ISLNK(st->st_mode))
		st->st_size = sizeof(LINK_TARGET) - 1;
	st->st_blocks = st->st_size / 512;
	st->st_mtime = 1;
}

static void entry_of(const struct synthfs_ops_ctx *ctx, uint64_t slot,
		     struct fuse_entry_param *e)
{
	memset(e, 0, sizeof(*e));
	e->attr_timeout = ctx->shared->timeout_s;
	e->entry_timeout = ctx->shared->timeout_s;
	attr_of(ctx->tree, slot, &e->attr);
	e->ino = e->attr.st_ino;
}

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	struct synthfs_ops_ctx *ctx = userdata;

	/*
	 * Always READDIRPLUS, not when the kernel guesses it useful; symlink
	 * targets in the page cache; the reader gets our buffer, not a pipe.
	 */
	conn->want |= conn->capable &
		      (FUSE_CAP_READDIRPLUS | FUSE_CAP_CACHE_SYMLINKS);
	conn->want &=
		~(unsigned int)(FUSE_CAP_READDIRPLUS_AUTO |
				FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE);
	ctx->shared->fuse_minor = conn->proto_minor;
	ctx->shared->expire_only = conn->capable & FUSE_CAP_EXPIRE_ONLY;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	const struct synthfs_ops_ctx *ctx = ctx_of(req);
	const struct tree *t = ctx->tree;
	struct fuse_entry_param e;
	uint64_t dir, slot;

	if (parent == TREE_ROOT_NODEID) {
		if (strcmp(name, TREE_TOP_NAME)) {
			fuse_reply_err(req, ENOENT);
			return;
		}
		slot = 0;
	} else if (!tree_slot_of(t, parent, &dir) ||
		   !tree_find(t, dir, name, &slot)) {
		/* Inode 0 with a timeout: a negative dentry. */
		memset(&e, 0, sizeof(e));
		e.entry_timeout = ctx->shared->timeout_s;
		fuse_reply_entry(req, &e);
		return;
	}
	entry_of(ctx, slot, &e);
	fuse_reply_entry(req, &e);
}

static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup)
{
	(void)ino;
	(void)nlookup;
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count,
			    struct fuse_forget_data *forgets)
{
	(void)count;
	(void)forgets;
	fuse_reply_none(req);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	struct stat st = { .st_ino = ino };
	uint64_t slot;

	(void)fi;
	if (ino == TREE_ROOT_NODEID) {
		st.st_mode = S_IFDIR | 0755;
		st.st_nlink = 3;
	} else if (tree_slot_of(ctx_of(req)->tree, ino, &slot)) {
		attr_of(ctx_of(req)->tree, slot, &st);
	} else {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fuse_reply_attr(req, &st, ctx_of(req)->shared->timeout_s);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	(void)ino;
	fuse_reply_readlink(req, LINK_TARGET);
}

static void op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size,
			   off_t off, struct fuse_file_info *fi)
{
	struct synthfs_ops_ctx *ctx = ctx_of(req);
	uint64_t slot = 0, first = 0, cnt = 0, i = (uint64_t)off;
	char name[TREE_NAME_LEN + 1] = TREE_TOP_NAME;
	struct fuse_entry_param e;
	size_t used = 0;
	char *buf;

	(void)fi;
	/* Not one for all: held-back requests are answered in other threads. */
	buf = malloc(size);
	if (!buf) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	if (ino == TREE_ROOT_NODEID)
		cnt = 1;
	else if (tree_slot_of(ctx->tree, ino, &slot))
		cnt = tree_children(ctx->tree, slot, &first);
	for (; i < cnt; i++) {
		size_t len;

		entry_of(ctx, first + i, &e);
		if (ino != TREE_ROOT_NODEID)
			tree_name(first + i, name);
		len = fuse_add_direntry_plus(req, buf + used, size - used, name,
					     &e, (off_t)(i + 1));
		if (len > size - used)
			break;
		used += len;
	}
	fuse_reply_buf(req, buf, used);
	free(buf);
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fuse_reply_open(req, fi);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	static const char zeros[FILE_BYTES];

	(void)ino;
	(void)fi;
	if (off >= FILE_BYTES)
		size = 0;
	else if (size > (size_t)(FILE_BYTES - off))
		size = (size_t)(FILE_BYTES - off);
	fuse_reply_buf(req, zeros, size);
}

static void op_release(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	fuse_reply_err(req, 0);
}

const struct fuse_lowlevel_ops synthfs_ops = {
	.init = op_init,
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.opendir = op_open,
	.readdirplus = op_readdirplus,
	.releasedir = op_release,
	.open = op_open,
	.read = op_read,
	.release = op_release,
};
