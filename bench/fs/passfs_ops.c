// SPDX-License-Identifier: GPL-2.0-only
/*
 * passfs_ops.c - the file system operations, on the files of the source.
 *
 * Read-only: none of the workloads writes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "passfs_internal.h"

struct dir {
	DIR *stream;
	struct dirent *next; /* read, but it didn't fit */
	off_t at; /* where the stream is */
};

static struct passfs_daemon *daemon_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* One that works while nothing changes, so that its requests are never late. */
static bool is_watched(fuse_req_t req)
{
	return fuse_req_ctx(req)->pid == daemon_of(req)->shared->watched_pid;
}

/* Before the reply: whoever has seen it may ask at once. */
static void note(fuse_req_t req, fuse_ino_t ino, enum span_kind kind,
		 uint64_t begin_ns)
{
	if (!is_watched(req))
		nodes_note(daemon_of(req)->nodes, ino, kind, begin_ns,
			   clock_monotonic_ns());
}

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	struct passfs_daemon *d = userdata;

	/* As much cached as there is; the reader gets our buffer, not a pipe. */
	conn->want |= conn->capable &
		      (FUSE_CAP_READDIRPLUS | FUSE_CAP_CACHE_SYMLINKS |
		       FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_PARALLEL_DIROPS);
	conn->want &=
		~(unsigned int)(FUSE_CAP_READDIRPLUS_AUTO |
				FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE);
	d->shared->fuse_minor = conn->proto_minor;
	d->shared->expire_only = conn->capable & FUSE_CAP_EXPIRE_ONLY;
}

/* The attributes of a node, as this daemon tells them. */
static void mannered(const struct passfs_daemon *d, fuse_ino_t ino,
		     struct stat *st)
{
	const struct passfs_manner *manner = &d->shared->manner;

	if (manner->renumber)
		st->st_ino = ino;
	if (manner->nlink_zero)
		st->st_nlink = 0;
}

/* What is there under that name now: 0, -ENOENT with a negative entry, ... */
static int look(struct passfs_daemon *d, fuse_ino_t parent, const char *name,
		struct fuse_entry_param *e)
{
	int dir = nodes_fd(d->nodes, parent);
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	memset(e, 0, sizeof(*e));
	e->entry_timeout = PASSFS_TIMEOUT_S;
	e->attr_timeout = PASSFS_TIMEOUT_S;
	if (fd < 0 && errno == ENOENT) {
		nodes_missing(d->nodes, parent, name);
		return -ENOENT;
	}
	if (fd < 0)
		return -errno;
	if (fstatat(fd, "", &e->attr, AT_EMPTY_PATH)) {
		int err = -errno;

		close(fd);
		return err;
	}
	e->ino = nodes_found(d->nodes, parent, name, &e->attr, fd);
	mannered(d, e->ino, &e->attr);
	return e->ino ? 0 : -ENOMEM;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e;
	int err = look(daemon_of(req), parent, name, &e);

	if (err && err != -ENOENT)
		fuse_reply_err(req, -err);
	else /* node 0 with a timeout: a negative entry */
		fuse_reply_entry(req, &e);
}

static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t cnt)
{
	nodes_forget(daemon_of(req)->nodes, ino, cnt);
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t cnt,
			    struct fuse_forget_data *forgets)
{
	for (size_t i = 0; i < cnt; i++)
		nodes_forget(daemon_of(req)->nodes, forgets[i].ino,
			     forgets[i].nlookup);
	fuse_reply_none(req);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	uint64_t begin_ns = clock_monotonic_ns();
	struct stat st;
	int err = fstatat(nodes_fd(daemon_of(req)->nodes, ino), "", &st,
			  AT_EMPTY_PATH)
			  ? errno
			  : 0;

	(void)fi;
	note(req, ino, SPAN_GETATTR, begin_ns);
	if (err) {
		fuse_reply_err(req, err);
		return;
	}
	mannered(daemon_of(req), ino, &st);
	fuse_reply_attr(req, &st, PASSFS_TIMEOUT_S);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(nodes_fd(daemon_of(req)->nodes, ino), "",
				 target, sizeof(target) - 1);

	if (len < 0) {
		fuse_reply_err(req, errno);
		return;
	}
	target[len] = '\0';
	fuse_reply_readlink(req, target);
}

/* A descriptor to read from, of a node's that only names it; or -errno. */
static int reopen(struct passfs_daemon *d, fuse_ino_t ino, int flags)
{
	char path[48];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d",
		 nodes_fd(d->nodes, ino));
	fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

static void count_open(fuse_req_t req, fuse_ino_t ino)
{
	struct passfs_daemon *d = daemon_of(req);

	if (fuse_req_ctx(req)->pid == d->shared->program_pid &&
	    !nodes_is_watched(d->nodes, ino))
		d->shared->program_open_cnt++;
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	int fd = (fi->flags & O_ACCMODE) == O_RDONLY
			 ? reopen(daemon_of(req), ino, 0)
			 : -EROFS;

	count_open(req, ino);
	if (fd < 0) {
		fuse_reply_err(req, -fd);
		return;
	}
	fi->fh = (uint64_t)fd;
	fi->keep_cache = 1;
	if (fuse_reply_open(req, fi))
		close(fd);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	struct fuse_bufvec buf = FUSE_BUFVEC_INIT(size);

	(void)ino;
	buf.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	buf.buf[0].fd = (int)fi->fh;
	buf.buf[0].pos = off;
	fuse_reply_data(req, &buf, FUSE_BUF_SPLICE_MOVE);
}

static void op_release(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	(void)ino;
	close((int)fi->fh);
	fuse_reply_err(req, 0);
}

static void op_opendir(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	struct dir *dir = calloc(1, sizeof(*dir));
	int fd = reopen(daemon_of(req), ino, O_DIRECTORY);

	if (dir && fd >= 0)
		dir->stream = fdopendir(fd);
	if (!dir || !dir->stream) {
		fuse_reply_err(req, fd < 0 ? -fd : ENOMEM);
		if (fd >= 0)
			close(fd);
		free(dir);
		return;
	}
	fi->fh = (uintptr_t)dir;
	fi->cache_readdir = 1;
	fi->keep_cache = 1;
	if (fuse_reply_open(req, fi)) {
		closedir(dir->stream);
		free(dir);
	}
}

/*
 * One entry into buf; its length, or more than size: it didn't fit.  What the
 * reply says of a name counts as a lookup, but not of "." and "..".
 */
static size_t add_entry(fuse_req_t req, fuse_ino_t ino, const struct dirent *d,
			char *buf, size_t size)
{
	struct passfs_daemon *daemon = daemon_of(req);
	bool dots = !strcmp(d->d_name, ".") || !strcmp(d->d_name, "..");
	struct fuse_entry_param e = { .attr = { .st_ino = d->d_ino,
						.st_mode = (mode_t)d->d_type
							   << 12 } };
	size_t len = fuse_add_direntry_plus(req, NULL, 0, d->d_name, NULL, 0);

	if (len > size)
		return len;
	/* Gone meanwhile: node 0, so only the listing has it. */
	if (!dots && look(daemon, ino, d->d_name, &e)) {
		memset(&e, 0, sizeof(e));
		e.attr.st_ino = d->d_ino;
		e.attr.st_mode = (mode_t)d->d_type << 12;
	}
	return fuse_add_direntry_plus(req, buf, size, d->d_name, &e, d->d_off);
}

/* For tests, see passfs.h; others go on meanwhile. */
static void be_late(fuse_req_t req, fuse_ino_t ino)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	const struct passfs_daemon *d = daemon_of(req);
	const struct passfs_shared *sh = d->shared;
	uint64_t notified_cnt = sh->notified_cnt;
	uint64_t late_ns = sh->manner.late_ns;
	uint64_t until_ns = clock_monotonic_ns() + late_ns;

	if (!late_ns || is_watched(req) || !nodes_is_watched(d->nodes, ino))
		return;
	while (sh->notified_cnt == notified_cnt &&
	       clock_monotonic_ns() < until_ns)
		nanosleep(&pause, NULL);
}

static void op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size,
			   off_t off, struct fuse_file_info *fi)
{
	struct dir *dir = (struct dir *)(uintptr_t)fi->fh;
	uint64_t begin_ns = clock_monotonic_ns();
	char *buf = malloc(size);
	size_t used = 0;

	if (!buf) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	if (off != dir->at) {
		seekdir(dir->stream, off);
		dir->next = NULL;
		dir->at = off;
	}
	for (;;) {
		size_t len;

		if (!dir->next)
			dir->next = readdir(dir->stream);
		if (!dir->next)
			break;
		len = add_entry(req, ino, dir->next, buf + used, size - used);
		if (len > size - used)
			break;
		used += len;
		dir->at = dir->next->d_off;
		dir->next = NULL;
	}
	be_late(req, ino);
	note(req, ino, SPAN_READDIRPLUS, begin_ns);
	fuse_reply_buf(req, buf, used);
	free(buf);
}

static void op_releasedir(fuse_req_t req, fuse_ino_t ino,
			  struct fuse_file_info *fi)
{
	struct dir *dir = (struct dir *)(uintptr_t)fi->fh;

	(void)ino;
	closedir(dir->stream);
	free(dir);
	fuse_reply_err(req, 0);
}

static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct statvfs st;

	if (fstatvfs(nodes_fd(daemon_of(req)->nodes, ino), &st))
		fuse_reply_err(req, errno);
	else
		fuse_reply_statfs(req, &st);
}

const struct fuse_lowlevel_ops passfs_ops = {
	.init = op_init,
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.open = op_open,
	.read = op_read,
	.release = op_release,
	.opendir = op_opendir,
	.readdirplus = op_readdirplus,
	.releasedir = op_releasedir,
	.statfs = op_statfs,
};
