// SPDX-License-Identifier: GPL-2.0-only
#include "stand_in.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/daemon/daemon.h"
#include "bench/daemon/facts.h"
#include "bench/daemon/messages.h"
#include "bench/device/probe.h"
#include "bench/inval/inval.h"
#include "source.h"

#define SCRATCH STAGE_DIR "/scratch"
#define ROOM STAGE_DIR "/ask" /* where it is asked what it answers */

static char **environment;

void stand_in_keep_environment(void)
{
	environment = environ; /* clearenv() leaves it as it is */
}

struct stand_in *stand_in_new(void)
{
	void *s = mmap(NULL, sizeof(struct stand_in), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return s == MAP_FAILED ? NULL : s;
}

bool stand_in_can(unsigned int method, bool changed)
{
	return changed || inval_methods[method].names_all;
}

static void add(struct messages *m, const struct passfs_change *c)
{
	char path[sizeof(c->dir) + sizeof(c->name) + 1];

	snprintf(path, sizeof(path), "%s%s%s", c->dir, *c->dir ? "/" : "",
		 c->name);
	/* What is gone has no node any more: then there is nothing to say. */
	messages_add(m, path);
}

static void send_all(const struct daemon *d, const struct messages *m,
		     struct passfs_reply *rep)
{
	struct inval_result res;

	messages_send(m, d->loan.dev, &res);
	rep->msg_cnt += res.msg_cnt;
	rep->cost_ns += res.cost;
	rep->msg_error_cnt += !!res.first_errno;
	rep->first_errno = rep->first_errno ?: res.first_errno;
}

/* As passfs does: of each directory attributes and listing go, too. */
static int notify(const struct daemon *d, const struct passfs_request *req,
		  struct passfs_reply *rep)
{
	const struct inval_method *method = &inval_methods[req->method];
	const struct inval_method *inode =
		&inval_methods[inval_by_name("inval_inode")];
	struct messages *names, *dirs;
	int err = -ENOMEM;

	if (req->swallow || !method->build_name)
		return 0;
	names = messages_new(method, STAGE_MOUNT, d->dev);
	dirs = messages_new(inode, STAGE_MOUNT, d->dev);
	if (names && dirs) {
		err = 0;
		for (unsigned int i = 0; i < req->change_cnt; i++)
			add(names, &req->change[i]);
		for (unsigned int i = 0; i < req->change_cnt; i++)
			if (!method->names_all &&
			    (!i || strcmp(req->change[i].dir,
					  req->change[i - 1].dir)))
				messages_add(dirs, req->change[i].dir);
		send_all(d, names, rep);
		send_all(d, dirs, rep);
	}
	messages_free(names);
	messages_free(dirs);
	return err;
}

static int probe(const struct daemon *d, const struct passfs_request *req)
{
	const struct inval_method *m = &inval_methods[req->method];
	struct inval_env env = { .dev = d->loan.dev };
	struct fuse_features f;
	int err = probe_features(&f);

	env.expire_only = f.expire_only;
	return err ? err : m->probe ? m->probe(&env) : 0;
}

static void serve(const struct daemon *d, int control)
{
	struct passfs_request req;

	while (recv(control, &req, sizeof(req), 0) == sizeof(req)) {
		struct passfs_reply rep = { 0 };

		if (keeper_is_empty(d->keeper))
			rep.err = -ENOTCONN;
		else if (req.verb == PASSFS_PROBE)
			rep.err = probe(d, &req);
		else if (req.verb == PASSFS_NOTIFY)
			rep.err = notify(d, &req, &rep);
		if (write(control, &rep, sizeof(rep)) < 0)
			break;
	}
}

/* Nobody hears of a signal but by his end. */
static const volatile sig_atomic_t never;

static _Noreturn void be_stand_in(struct stand_in *s, const char *command,
				  const char *name, const cpu_set_t *cpus,
				  int control)
{
	const struct daemon_places places = { .source = STAGE_TREE,
					      .mount = STAGE_MOUNT,
					      .scratch = SCRATCH,
					      .name = name };
	struct passfs_reply first = { 0 };
	struct daemon d;

	environ = environment;
	sched_setaffinity(0, sizeof(*cpus), cpus);
	first.err = daemon_start(&d, command, &places, cpus, &never, s->err,
				 sizeof(s->err));
	if (!first.err) {
		snprintf(s->program, sizeof(s->program), "%s", d.loan.comm);
		facts_library(d.loan.pid, s->library, sizeof(s->library));
		if (!s->package[0])
			facts_package(d.loan.pid, s->package,
				      sizeof(s->package));
	}
	if (write(control, &first, sizeof(first)) == sizeof(first) &&
	    !first.err)
		serve(&d, control);
	if (first.err)
		umount2(STAGE_MOUNT, MNT_DETACH);
	_exit(!daemon_end(&d));
}

/* Another one each time, and empty. */
static int make_scratch(void)
{
	umount2(SCRATCH, MNT_DETACH);
	if (mkdir(SCRATCH, 0755) && errno != EEXIST)
		return -errno;
	return mount("epochbench", SCRATCH, "tmpfs", 0, "mode=0755") ? -errno
								     : 0;
}

int stand_in_start(struct stand_in *s, struct passfs *fs, const char *command,
		   const char *name, const cpu_set_t *cpus)
{
	struct passfs_reply first = { 0 };
	int ends[2], err = make_scratch();

	s->program[0] = s->library[0] = s->err[0] = 0;
	if (!err && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		err = -errno;
	if (err) {
		snprintf(s->err, sizeof(s->err), "%s", strerror(-err));
		return err;
	}
	fs->pid = fork();
	if (!fs->pid) {
		close(ends[0]);
		be_stand_in(s, command, name, cpus, ends[1]);
	}
	close(ends[1]);
	fs->control = ends[0];
	if (fs->pid < 0)
		return -errno;
	if (read(fs->control, &first, sizeof(first)) != sizeof(first))
		first.err = -EPIPE;
	return first.err;
}

void stand_in_ask(struct stand_in *s, const char *command,
		  const cpu_set_t *cpus)
{
	pid_t pid = fork();

	if (!pid) {
		environ = environment;
		mkdir(ROOM, 0755);
		answers_ask(command, NULL, ROOM, cpus, &never, &s->answers);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}
