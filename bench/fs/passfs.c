// SPDX-License-Identifier: GPL-2.0-only
/*
 * passfs.c - the passthrough daemon: starting, serving and ending it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/host/cpu_time.h"
#include "bench/host/mount.h"
#include "bench/lib/pulse.h"
#include "passfs_internal.h"
#include "reap.h"

/* Enough that one waits for the disk or a lock while others answer. */
enum { THREAD_CNT = 4, LOOK_MS = 100 };
/* A daemon that stands still for so long, at its begin or its end, hangs. */
#define START_IDLE_NS 10000000000ULL
#define END_IDLE_NS 5000000000ULL

struct passfs_shared *passfs_shared_new(void)
{
	struct passfs_shared *sh =
		mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return sh == MAP_FAILED ? NULL : sh;
}

static void count(struct passfs_shared *sh, unsigned int opcode, uint64_t add)
{
	atomic_fetch_add_explicit(&sh->op_cnt[opcode < OPCODE_MAX ? opcode : 0],
				  add, memory_order_relaxed);
}

/* Counts a request from its raw message, before libfuse takes it apart. */
static void account(struct passfs_shared *sh, const struct fuse_buf *buf)
{
	const struct fuse_in_header *in = buf->mem;

	count(sh, in->opcode, 1);
	if (in->opcode == FUSE_BATCH_FORGET)
		count(sh, FUSE_FORGET,
		      ((const struct fuse_batch_forget_in *)(in + 1))->count);
	if (sh->watched_pid && (int)in->pid == sh->watched_pid)
		atomic_fetch_add_explicit(&sh->watched_cnt, 1,
					  memory_order_relaxed);
}

/* As if it had to ask another machine first.  Nobody waits for a FORGET. */
static void think(const struct passfs_shared *sh, const struct fuse_buf *buf)
{
	const struct fuse_in_header *in = buf->mem;
	const uint64_t ns = sh->manner.latency_ns;
	const struct timespec ts = { (time_t)(ns / 1000000000),
				     (long)(ns % 1000000000) };

	if (ns && in->opcode != FUSE_INIT && in->opcode != FUSE_FORGET &&
	    in->opcode != FUSE_BATCH_FORGET)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
}

/* One of several threads that answer requests; ends when it is unmounted. */
static void *serve(void *arg)
{
	struct passfs_daemon *d = arg;
	struct fuse_buf buf = { .mem = NULL };

	while (!fuse_session_exited(d->se)) {
		int len = fuse_session_receive_buf(d->se, &buf);

		if (len == -EINTR)
			continue;
		if (len <= 0)
			break;
		account(d->shared, &buf);
		think(d->shared, &buf);
		fuse_session_process_buf(d->se, &buf);
	}
	free(buf.mem);
	return NULL;
}

static void *control_thread(void *arg)
{
	passfs_serve_control(arg);
	return NULL;
}

/* Each node keeps a file open. */
static void raise_file_limit(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim))
		return;
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
}

static struct fuse_session *mount_session(struct passfs_daemon *d,
					  const char *mountpoint)
{
	char opts[] = "fsname=" MOUNT_SOURCE "workload,subtype=" MOUNT_SUBTYPE
		      ",nosuid,nodev,ro";
	char *argv[] = { "epochbench", "-o", opts, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);
	struct fuse_session *se;

	se = fuse_session_new(&args, &passfs_ops, sizeof(passfs_ops), d);
	if (se && fuse_session_mount(se, mountpoint)) {
		fuse_session_destroy(se);
		se = NULL;
	}
	fuse_opt_free_args(&args);
	return se;
}

static bool say_ready(int control, int err)
{
	struct passfs_reply rep = { .err = err };

	return send(control, &rep, sizeof(rep), MSG_NOSIGNAL) == sizeof(rep);
}

/* The daemon process.  Returns its exit status. */
static int daemon_main(struct passfs_daemon *d, const char *source,
		       const char *mountpoint)
{
	int root = open(source, O_PATH | O_DIRECTORY | O_CLOEXEC);
	pthread_t thread, server[THREAD_CNT];
	int err = 0, started = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* an aborted mount harms nobody */
	raise_file_limit();
	d->nodes = root < 0 ? NULL : nodes_new(root);
	d->se = d->nodes ? mount_session(d, mountpoint) : NULL;
	if (!d->se) /* libfuse has said what was wrong */
		err = -EIO;
	else
		err = -pthread_create(&thread, NULL, control_thread, d);
	if (!say_ready(d->control, err) || err)
		return 1;
	while (started < THREAD_CNT &&
	       !pthread_create(&server[started], NULL, serve, d))
		started++;
	for (int i = 0; i < started; i++)
		pthread_join(server[i], NULL);
	/* The other thread may sit in a write: no point in waiting for it. */
	return started ? 0 : 1;
}

static int receive(int fd, struct passfs_reply *rep)
{
	ssize_t got;

	do {
		got = recv(fd, rep, sizeof(*rep), 0);
	} while (got < 0 && errno == EINTR);
	return got == sizeof(*rep) ? rep->err : -EPIPE;
}

int passfs_ask(int control, const struct passfs_request *req,
	       struct passfs_reply *rep)
{
	if (send(control, req, sizeof(*req), MSG_NOSIGNAL) != sizeof(*req))
		return -EPIPE;
	return receive(control, rep);
}

int passfs_start(struct passfs *fs, const char *source, const char *mountpoint,
		 const cpu_set_t *cpus)
{
	struct passfs_daemon d = { .shared = fs->shared };
	struct pulse start = { .idle_ns = START_IDLE_NS };
	struct passfs_reply rep;
	struct pollfd pfd;
	int pair[2];
	const struct passfs_manner manner = fs->shared->manner;

	memset(fs->shared, 0, sizeof(*fs->shared));
	fs->shared->manner = manner;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	fs->control = pair[0];
	fs->pid = fork();
	if (!fs->pid) {
		close(pair[0]);
		d.control = pair[1];
		sched_setaffinity(0, sizeof(*cpus), cpus);
		_exit(daemon_main(&d, source, mountpoint));
	}
	close(pair[1]);
	if (fs->pid < 0) {
		close(pair[0]);
		fs->pid = 0;
		return -EAGAIN;
	}
	pfd = (struct pollfd){ .fd = fs->control, .events = POLLIN };
	while (poll(&pfd, 1, LOOK_MS) != 1)
		if (!pulse_beats(&start, cpu_time_of(fs->pid),
				 clock_monotonic_ns()))
			return -ETIMEDOUT;
	return receive(fs->control, &rep);
}

int passfs_reap(struct passfs *fs)
{
	struct reap r = { .pid = fs->pid,
			  .op_cnt = fs->shared->op_cnt,
			  .idle_ns = END_IDLE_NS };
	int status = 0;

	if (!fs->pid)
		return 0;
	close(fs->control);
	if (!reap(&r, &status, NULL)) {
		reap_kill(&r, &status, NULL);
		status = -1;
	}
	fs->pid = 0;
	return status ? -EIO : 0;
}
