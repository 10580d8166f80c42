// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/lib/clock.h"
#include "control.h"
#include "idle.h"

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
			rep.err = idle_wait(dev);
			rep.at = clock_now();
			break;
		default:
			rep.err = -EINVAL;
		}
		if (transmit(fd, &rep, sizeof(rep)))
			return;
	}
}
