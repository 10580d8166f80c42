// SPDX-License-Identifier: GPL-2.0-only
/*
 * A daemon on libfuse 3, low level: one directory, one file, and each answer is
 * good for an hour.  A line on stdin makes the file a line longer and names the
 * notification that tells the kernel; see results/sending.md.
 */
#define FUSE_USE_VERSION 34

#include <errno.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#define HOUR 3600.0
#define FILE_NODE 2
#define LINE "line\n"

static atomic_uint lines = 1, lookups;

static void fill(struct stat *st, fuse_ino_t node)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = node;
	st->st_mode = node == FILE_NODE ? S_IFREG | 0444 : S_IFDIR | 0755;
	st->st_nlink = node == FILE_NODE ? 1 : 2;
	st->st_size = node == FILE_NODE ? lines * strlen(LINE) : 0;
}

static void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	/* No node: also that there is no such name is good for an hour. */
	struct fuse_entry_param e = { .entry_timeout = HOUR };

	lookups++;
	if (parent == FUSE_ROOT_ID && !strcmp(name, "file")) {
		e.ino = FILE_NODE;
		e.attr_timeout = HOUR;
		fill(&e.attr, e.ino);
	}
	fuse_reply_entry(req, &e);
}

static void do_getattr(fuse_req_t req, fuse_ino_t node,
		       struct fuse_file_info *fi)
{
	struct stat st;

	(void)fi;
	fill(&st, node);
	fuse_reply_attr(req, &st, HOUR);
}

static void do_open(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *fi)
{
	(void)node;
	fuse_reply_open(req, fi);
}

static void do_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	char text[4096];
	size_t end = 0;

	(void)node, (void)fi;
	for (unsigned int i = 0; i < lines && end < sizeof(text) - sizeof(LINE);
	     i++)
		end += (size_t)sprintf(text + end, LINE);
	off = off < (off_t)end ? off : (off_t)end;
	fuse_reply_buf(req, text + off, size < end - off ? size : end - off);
}

/* page: old */
#if FUSE_VERSION < FUSE_MAKE_VERSION(3, 19)
/* One write is one message.  Returns 0, or -errno as libfuse's own functions. */
static int send_notify(struct fuse_session *se, int code, struct iovec *part,
		       int cnt)
{
	struct fuse_out_header header = {
		.error = code, /* where a reply has its error */
		.unique = 0, /* of no request */
	};

	part[0] = (struct iovec){ &header, sizeof(header) };
	for (int i = 0; i < cnt; i++)
		header.len += (uint32_t)part[i].iov_len;
	return writev(fuse_session_fd(se), part, cnt) < 0 ? -errno : 0;
}

/* Linux 6.18 */
static int fuse_lowlevel_notify_prune(struct fuse_session *se,
				      fuse_ino_t *nodes, uint32_t cnt)
{
	struct {
		uint32_t cnt, padding;
		uint64_t spare;
	} out = { .cnt = cnt };
	struct iovec part[3] = {
		[1] = { &out, sizeof(out) },
		[2] = { nodes, cnt * sizeof(*nodes) },
	};

	return send_notify(se, 9 /* FUSE_NOTIFY_PRUNE */, part, 3);
}
#endif

#if FUSE_VERSION < FUSE_MAKE_VERSION(3, 18)
/* Linux 6.16: 16 bytes in all. */
static int fuse_lowlevel_notify_increment_epoch(struct fuse_session *se)
{
	struct iovec part[1];

	return send_notify(se, 8 /* FUSE_NOTIFY_INC_EPOCH */, part, 1);
}
#endif

/* Until 3.14 the fifth argument says whether it expires: with 0 it doesn't. */
#if FUSE_VERSION < FUSE_MAKE_VERSION(3, 15)
#define fuse_lowlevel_notify_expire_entry(se, dir, name, len) \
	fuse_lowlevel_notify_expire_entry(se, dir, name, len, \
					  FUSE_LL_EXPIRE_ONLY)
#endif
/* page: end */

/* page: new */
static int notify(struct fuse_session *se, const char *how)
{
	fuse_ino_t node = FILE_NODE;

	if (!strcmp(how, "epoch"))
		return fuse_lowlevel_notify_increment_epoch(se);
	if (!strcmp(how, "expire"))
		return fuse_lowlevel_notify_expire_entry(
			se, FUSE_ROOT_ID, "file", strlen("file"));
	if (!strcmp(how, "prune"))
		return fuse_lowlevel_notify_prune(se, &node, 1);
	if (!strcmp(how, "inode"))
		return fuse_lowlevel_notify_inval_inode(se, node, 0, 0);
	return 0;
}

/* A thread of its own: it is in no handler, and holds no lock that one needs. */
static void *change(void *session)
{
	char how[16];

	while (scanf("%15s", how) == 1) {
		lines++; /* First the change, then the notification. */
		printf("%s %d %u\n", how, -notify(session, how), lookups);
		fflush(stdout);
	}
	return NULL;
}
/* page: end */

static const struct fuse_lowlevel_ops ops = {
	.lookup = do_lookup,
	.getattr = do_getattr,
	.open = do_open,
	.read = do_read,
};

int main(int argc, char **argv)
{
	char *name[] = { argv[0], NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, name);
	struct fuse_session *se;
	pthread_t changer;

	if (argc != 2)
		return 2;
	se = fuse_session_new(&args, &ops, sizeof(ops), NULL);
	if (!se || fuse_set_signal_handlers(se) ||
	    fuse_session_mount(se, argv[1]))
		return 1;
	/* It ends when it is unmounted, or by a signal: the main thread's. */
	if (pthread_create(&changer, NULL, change, se))
		return 1;
	fuse_session_loop(se);
	fuse_session_unmount(se);
	fuse_session_destroy(se);
	return 0;
}
