// SPDX-License-Identifier: GPL-2.0-only
#include "borrow.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "identify.h"
#include "probe.h"
#include "way.h"
#include "bench/lib/rights.h"
#include "bench/lib/status.h"

/* PIDFD_THREAD (6.9), newer than the headers of Debian 12. */
#define THREAD_TOO O_EXCL
#define NO_THREADS (-EOPNOTSUPP) /* no kernel says so */

struct borrow {
	const struct mount *mount;
	struct loan *loan;
	char *why; /* a sentence, where there is nothing to lend */
	size_t why_len;
	int err; /* why a descriptor of the connection couldn't be had */
	int unknown_err; /* why one couldn't be identified */
};

static bool is_fuseblk(const struct mount *mount)
{
	return !strncmp(mount->type, "fuseblk", 7);
}

static int take(const struct holder *h, struct loan *loan)
{
	loan->pidfd = pidfd_open(h->tid, h->tid == h->pid ? 0 : THREAD_TOO);
	if (loan->pidfd < 0)
		return h->tid != h->pid && errno == EINVAL ? NO_THREADS
							   : -errno;
	loan->dev = pidfd_getfd(loan->pidfd, h->fd, 0);
	if (loan->dev < 0)
		return -errno;
	loan->pid = h->pid;
	loan->fd = h->fd;
	holder_comm(h->pid, loan->comm, sizeof(loan->comm));
	return 0;
}

/*
 * What /proc said is only a hint, which the process may have outlived: what
 * counts is what the kernel says of the descriptor that we have.
 */
static bool consider(const struct holder *h, void *arg)
{
	struct borrow *b = arg;
	uint32_t connection = 0;
	int err;

	if (h->named && h->connection != b->mount->dev)
		return true;
	err = take(h, b->loan);
	if (!err)
		err = identify_device(b->loan->dev, &connection);
	if (!err && connection == b->mount->dev)
		return false;
	/* Of fuseblk, identify_device() says so where only fdinfo would know. */
	if (h->named)
		b->err = err ? err : -ESRCH;
	else if (err && (err != -ENOTCONN || is_fuseblk(b->mount)))
		b->unknown_err = err;
	borrow_end(b->loan);
	return true;
}

/* Why there is nothing to lend. */
__attribute__((format(printf, 2, 3))) static void say(const struct borrow *b,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(b->why, b->why_len, format, args);
	va_end(args);
}

static void say_denied(const struct borrow *b, int err)
{
	const char *way = way_to_processes();
	char yama = '0';
	int fd = open("/proc/sys/kernel/yama/ptrace_scope",
		      O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, &yama, 1) != 1)
			yama = '0';
		close(fd);
	}
	if (err == -ENOSYS)
		say(b, "this kernel has no pidfd_getfd (Linux 5.6)");
	else if (err == NO_THREADS)
		say(b, "a thread has a /dev/fuse that may be its, and the "
		       "process hasn't: only Linux 6.9 and later lend that, "
		       "so nothing was sent");
	else if (err == -EPERM && !way)
		say(b, "not allowed to borrow the daemon's descriptor, "
		       "although we are root with CAP_SYS_PTRACE: a container "
		       "or a security module forbids it: run it outside");
	else if (err == -EPERM)
		say(b,
		    "not allowed to borrow the daemon's descriptor: "
		    "%s%s",
		    way,
		    yama == '0' || !geteuid()
			    ? ""
			    : " (kernel.yama.ptrace_scope forbids it even "
			      "to the daemon's own user)");
	else
		say(b, "the daemon's descriptor can't be borrowed: %s",
		    strerror(-err));
}

static void say_unknown(const struct borrow *b, int err)
{
	if (is_fuseblk(b->mount))
		say(b, "this kernel doesn't tell which /dev/fuse belongs "
		       "to a mount (Linux 6.16 does), and for fuseblk there "
		       "is no other way to be sure: nothing was sent");
	else
		say(b,
		    "there are open /dev/fuse, but this kernel (before "
		    "6.16) doesn't tell whether one of them belongs to it, "
		    "and mounting it once more to find out failed: %s%s; "
		    "nothing was sent",
		    err == -EBUSY ? "it was mounted in another user namespace"
				  : strerror(-err),
		    rights_hint(err, CAP_SYS_ADMIN));
}

/* Where fdinfo would say it, a device without it isn't mounted. */
static bool kernel_tells(void)
{
	struct fuse_features f;

	return !probe_features(&f) && f.fdinfo;
}

/* None of those that we may look into serves it. */
static void say_unseen(const struct borrow *b, size_t denied_cnt)
{
	const char *way = way_to_processes();

	if (denied_cnt && way)
		say(b,
		    "no process that we may look into serves "
		    "connection %u, and into %zu we may not: %s, or as the "
		    "user who mounted it; or its daemon has ended, then "
		    "unmount it",
		    b->mount->dev, denied_cnt, way);
	else if (denied_cnt)
		say(b,
		    "no process that we may look into serves "
		    "connection %u: its daemon has ended, then unmount it; "
		    "or it is closed even to root here",
		    b->mount->dev);
	else if (way && processes_hidden())
		say(b,
		    "no process that this /proc shows serves "
		    "connection %u, and those of others are hidden "
		    "(hidepid): %s, or as the user who mounted it; or its "
		    "daemon has ended, then unmount it",
		    b->mount->dev, way);
	else
		say(b,
		    "no process here serves connection %u: its daemon "
		    "has ended (then unmount it), or lives in a pid "
		    "namespace that this /proc doesn't show (then run "
		    "epochctl there, or on the host)",
		    b->mount->dev);
}

static void say_not_found(const struct borrow *b, const struct holder_search *s)
{
	if (b->err == -ESRCH || b->err == -EBADF)
		say(b, "its daemon ended, or closed its descriptor, while "
		       "we were looking: if `epochctl list` shows no daemon, "
		       "unmount it");
	else if (b->err)
		say_denied(b, b->err);
	else if (b->unknown_err == NO_THREADS)
		say_denied(b, b->unknown_err);
	else if (b->unknown_err && !kernel_tells())
		say_unknown(b, b->unknown_err);
	else if (s->only_pid && s->denied_cnt)
		say(b, "process %d may not be looked into: %s", s->only_pid,
		    way_to_processes() ?: "it is closed even to root");
	else if (s->only_pid)
		say(b, "process %d doesn't serve it (see `epochctl list`)",
		    s->only_pid);
	else
		say_unseen(b, s->denied_cnt);
}

int borrow(const struct mount *mount, pid_t only_pid, struct loan *loan,
	   char *why, size_t why_len)
{
	struct borrow b = {
		.mount = mount, .loan = loan, .why = why, .why_len = why_len
	};
	struct holder_search s = { .only_pid = only_pid, .one = true };
	int err;

	*loan = (struct loan){ .dev = -1, .pidfd = -1 };
	if (mount_is_virtiofs(mount)) {
		say(&b, "virtiofs has no /dev/fuse, and takes no "
			"notifications: its daemon is outside of this machine");
		return STATUS_SKIP;
	}
	err = holders_each(&s, consider, &b);
	/* Hardly ever: a daemon whose first thread has ended. */
	if (!err && loan->dev < 0 && !b.err) {
		size_t denied_cnt = s.denied_cnt;

		s.threads = true;
		err = holders_each(&s, consider, &b);
		s.denied_cnt = denied_cnt;
	}
	if (!err && loan->dev >= 0)
		return 0;
	if (err)
		say(&b, "/proc can't be read: %s", strerror(-err));
	else
		say_not_found(&b, &s);
	return STATUS_FAILED;
}

void borrow_end(struct loan *loan)
{
	if (loan->dev >= 0)
		close(loan->dev);
	if (loan->pidfd >= 0)
		close(loan->pidfd);
	loan->dev = -1;
	loan->pidfd = -1;
}

int borrow_identify(const struct holder *h, uint32_t *connection)
{
	struct loan loan = { .dev = -1, .pidfd = -1 };
	int err = take(h, &loan);

	if (!err)
		err = identify_device(loan.dev, connection);
	borrow_end(&loan);
	return err;
}

bool borrow_is_orphaned(const struct loan *loan)
{
	struct pollfd process = { .fd = loan->pidfd, .events = POLLIN };

	return poll(&process, 1, 0) > 0;
}
