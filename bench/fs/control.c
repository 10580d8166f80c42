// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "control.h"

static int receive(int fd, void *buf, size_t len)
{
	ssize_t got;

	do {
		got = recv(fd, buf, len, 0);
	} while (got < 0 && errno == EINTR);
	/* SOCK_SEQPACKET: whole messages or nothing. */
	return got == (ssize_t)len ? 0 : -EPIPE;
}

static int transmit(int fd, const void *buf, size_t len)
{
	return send(fd, buf, len, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -EPIPE;
}

int control_ask(int fd, const struct control_request *req,
		struct control_reply *rep)
{
	int err = transmit(fd, req, sizeof(*req));

	if (!err)
		err = receive(fd, rep, sizeof(*rep));
	return err ? err : rep->err;
}

int control_ready(int fd, int err)
{
	struct control_reply rep = { .err = err };

	return transmit(fd, &rep, sizeof(rep));
}

int control_wait_ready(int fd)
{
	struct control_reply rep;
	int err = receive(fd, &rep, sizeof(rep));

	return err ? err : rep.err;
}

/*
 * /dev/fuse polls readable while a request or a FORGET is queued.  Polled with
 * a pause: on one CPU, spinning would keep the session loop from its work.
 */
static int wait_idle(int dev, uint64_t *at)
{
	static const struct timespec pause = { .tv_nsec = 50000 };
	struct pollfd pfd = { .fd = dev, .events = POLLIN };

	for (;;) {
		int cnt = poll(&pfd, 1, 0);

		if (cnt < 0 && errno != EINTR)
			return -errno;
		if (pfd.revents & (POLLERR | POLLHUP))
			return -ENOTCONN;
		if (!cnt)
			break;
		nanosleep(&pause, NULL);
	}
	*at = clock_now();
	return 0;
}

void control_serve(int fd, int dev, const struct tree *t,
		   const struct synthfs_shared *shared)
{
	struct inval_env env = { .dev = dev };
	struct control_request req;

	while (!receive(fd, &req, sizeof(req))) {
		const struct inval_method *m = &inval_methods[req.method];
		struct control_reply rep = { 0 };

		switch (req.verb) {
		case CONTROL_PROBE:
			env.expire_only = shared->expire_only;
			rep.err = m->probe ? m->probe(&env) : 0;
			break;
		case CONTROL_NOTIFY:
			rep.err = inval_send(dev, m, t, req.threads, req.bare,
					     req.op, &shared->stop, &rep.inval);
			break;
		case CONTROL_IDLE:
			rep.err = wait_idle(dev, &rep.at);
			break;
		default:
			rep.err = -EINVAL;
		}
		if (transmit(fd, &rep, sizeof(rep)))
			return;
	}
}
