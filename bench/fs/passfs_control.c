// SPDX-License-Identifier: GPL-2.0-only
/*
 * passfs_control.c - what the daemon does when it is told that files changed.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/inval/inval.h"
#include "idle.h"
#include "passfs_internal.h"

static void send_one(struct passfs_daemon *d, const struct inval_method *m,
		     const struct inval_name *name, struct passfs_reply *rep)
{
	char msg[1024] __attribute__((aligned(8)));
	size_t len = m->build_name(name, msg);

	if (!len)
		return;
	rep->msg_cnt++;
	if (write(fuse_session_fd(d->se), msg, len) == (ssize_t)len ||
	    errno == ENOENT) /* it doesn't know the name, so much the better */
		return;
	if (!rep->msg_error_cnt++)
		rep->first_errno = errno;
}

/* Leaves first: a directory that goes first takes those below along. */
static int notify_all(struct passfs_daemon *d, const struct inval_method *m,
		      struct passfs_reply *rep)
{
	struct name_list list;

	if (m->names_all) {
		send_one(d, m, NULL, rep);
		return 0;
	}
	if (nodes_list(d->nodes, &list))
		return -ENOMEM;
	for (size_t i = 0; i < list.cnt; i++)
		send_one(d, m, &list.name[i], rep);
	nodes_list_free(&list);
	return 0;
}

/*
 * A name that the kernel doesn't know may be missing in a listing that it does:
 * of each directory attributes and listing go, too.
 */
static void notify_changes(struct passfs_daemon *d,
			   const struct inval_method *m,
			   const struct passfs_request *req,
			   struct passfs_reply *rep)
{
	const struct inval_method *inode =
		&inval_methods[inval_by_name("inval_inode")];
	struct inval_name dir = { .name = "" };

	for (unsigned int i = 0; i < req->change_cnt; i++) {
		const struct passfs_change *c = &req->change[i];
		uint64_t parent = nodes_resolve(d->nodes, c->dir);
		int64_t child =
			parent ? nodes_child(d->nodes, parent, c->name) : -1;
		struct inval_name name = { .parent = parent,
					   .child = (uint64_t)child,
					   .name = c->name };

		if (child >= 0)
			send_one(d, m, &name, rep);
		if (parent && parent != dir.child) {
			dir.child = parent;
			send_one(d, inode, &dir, rep);
		}
	}
}

static int notify(struct passfs_daemon *d, const struct passfs_request *req,
		  struct passfs_reply *rep)
{
	const struct inval_method *m = &inval_methods[req->method];
	uint64_t begin_ns = clock_monotonic_ns();
	int err = 0;

	if (req->swallow || !m->build_name)
		return 0;
	if (req->all || m->names_all)
		err = notify_all(d, m, rep);
	else
		notify_changes(d, m, req, rep);
	rep->cost_ns = clock_monotonic_ns() - begin_ns;
	d->shared->notified_cnt++;
	return err;
}

static int probe(const struct passfs_daemon *d,
		 const struct passfs_request *req)
{
	const struct inval_method *m = &inval_methods[req->method];
	struct inval_env env = { .dev = fuse_session_fd(d->se),
				 .expire_only = d->shared->expire_only };

	return m->probe ? m->probe(&env) : 0;
}

static void find_evidence(struct passfs_daemon *d,
			  const struct passfs_request *req,
			  struct passfs_reply *rep)
{
	const struct passfs_change *c = &req->change[0];
	uint64_t parent = nodes_resolve(d->nodes, c->dir);

	rep->readdirplus = nodes_noted(d->nodes, parent, SPAN_READDIRPLUS, "",
				       req->from_ns, req->until_ns);
	rep->getattr = nodes_noted(d->nodes, parent, SPAN_GETATTR, c->name,
				   req->from_ns, req->until_ns);
}

void passfs_serve_control(struct passfs_daemon *d)
{
	struct passfs_request req;

	while (recv(d->control, &req, sizeof(req), 0) == sizeof(req)) {
		struct passfs_reply rep = { 0 };

		switch (req.verb) {
		case PASSFS_IDLE:
			rep.err = idle_wait(fuse_session_fd(d->se));
			break;
		case PASSFS_PROBE:
			rep.err = probe(d, &req);
			break;
		case PASSFS_NOTIFY:
			rep.err = notify(d, &req, &rep);
			break;
		case PASSFS_EVIDENCE:
			find_evidence(d, &req, &rep);
			break;
		}
		if (send(d->control, &rep, sizeof(rep), MSG_NOSIGNAL) !=
		    sizeof(rep))
			return;
	}
}
