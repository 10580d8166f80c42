// SPDX-License-Identifier: GPL-2.0-only
/*
 * synthfs.c - the synthetic file system: starting, serving and ending it.
 *
 * The operations themselves are in synthfs_ops.c.
 */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "control.h"
#include "bench/host/mount.h"
#include "reap.h"
#include "synthfs.h"
#include "synthfs_ops.h"

/* How long a daemon that couldn't mount may stand still before it ends. */
#define START_IDLE_NS 10000000000ULL

struct daemon {
	struct fuse_session *se;
	struct synthfs_shared *shared;
	const struct tree *t;
	int control;
	const struct mount_point *mp;
	pid_t driver;
};

/* For the signal handler, which can't be handed anything. */
static const struct mount_point *daemon_mp;
static volatile sig_atomic_t daemon_cleans_up;

/*
 * The driver died, or somebody ends us: leave no mount behind.  MNT_FORCE
 * aborts the connection first, so that nobody waits for us.
 */
static void on_term(int sig)
{
	(void)sig;
	daemon_cleans_up = 1;
	umount2(daemon_mp->path, MNT_FORCE);
	umount2(daemon_mp->path, MNT_DETACH);
	if (daemon_mp->ours)
		rmdir(daemon_mp->path);
	_exit(1);
}

static void count(struct synthfs_shared *sh, unsigned int opcode, uint64_t add)
{
	_Atomic uint64_t *cnt = &sh->op_cnt[opcode < OPCODE_MAX ? opcode : 0];

	/* One writer: no locked instruction needed. */
	atomic_store_explicit(
		cnt, atomic_load_explicit(cnt, memory_order_relaxed) + add,
		memory_order_relaxed);
}

/* Counts a request from its raw message, before libfuse takes it apart. */
static void account(struct synthfs_shared *sh, const struct fuse_buf *buf)
{
	const struct fuse_in_header *in = buf->mem;

	count(sh, in->opcode, 1);
	if (in->opcode == FUSE_BATCH_FORGET) {
		const struct fuse_batch_forget_in *batch =
			(const void *)(in + 1);

		count(sh, FUSE_FORGET, batch->count);
	}
}

/* A request that is held back, while others go on. */
struct held {
	struct daemon *d;
	uint64_t wait_ns;
	struct fuse_buf buf;
};

static void *hold_back(void *arg)
{
	static const uint64_t slice_ns = 2000000;
	struct held *h = arg;
	uint64_t now = clock_monotonic_ns(), until = now + h->wait_ns;

	for (; now < until && !h->d->shared->stop; now = clock_monotonic_ns()) {
		struct timespec ts = { .tv_nsec = (long)(until - now) };

		if (until - now > slice_ns)
			ts.tv_nsec = (long)slice_ns;
		nanosleep(&ts, NULL);
	}
	fuse_session_process_buf(h->d->se, &h->buf);
	free(h->buf.mem);
	free(h);
	return NULL;
}

/* Answers a request, now or, where a delay is injected, from a thread. */
static int answer(struct daemon *d, struct fuse_buf *buf)
{
	const struct fuse_in_header *in = buf->mem;
	uint64_t wait_ns =
		in->opcode < OPCODE_MAX ? d->shared->delay_ns[in->opcode] : 0;
	struct held *h;
	pthread_t thread;

	if (!wait_ns) {
		fuse_session_process_buf(d->se, buf);
		return 0;
	}
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	*h = (struct held){ .d = d, .wait_ns = wait_ns, .buf = *buf };
	h->buf.mem = malloc(buf->size);
	if (h->buf.mem)
		memcpy(h->buf.mem, buf->mem, buf->size);
	if (!h->buf.mem || pthread_create(&thread, NULL, hold_back, h)) {
		free(h->buf.mem);
		free(h);
		return -ENOMEM;
	}
	pthread_detach(thread);
	return 0;
}

static int serve(struct daemon *d)
{
	struct fuse_buf buf = { .mem = NULL };
	int err = 0;

	while (!err && !fuse_session_exited(d->se)) {
		int len = fuse_session_receive_buf(d->se, &buf);

		if (len == -EINTR)
			continue;
		if (len <= 0) {
			err = len;
			break;
		}
		account(d->shared, &buf);
		err = answer(d, &buf);
	}
	free(buf.mem);
	return err;
}

static void *control_thread(void *arg)
{
	struct daemon *d = arg;

	control_serve(d->control, fuse_session_fd(d->se), d->t, d->shared);
	return NULL;
}

static void *watch_thread(void *arg)
{
	struct daemon *d = arg;

	/* Blocks as long as the driver lives. */
	pthread_mutex_lock(&d->shared->alive);
	on_term(0);
	return NULL;
}

static struct fuse_session *mount_session(struct synthfs_ops_ctx *ctx,
					  const struct daemon *d)
{
	char opts[128];
	char *argv[] = { "epochbench", "-o", opts, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);
	struct fuse_session *se;

	snprintf(opts, sizeof(opts),
		 "fsname=" MOUNT_SOURCE "%d,subtype=" MOUNT_SUBTYPE
		 ",nosuid,nodev",
		 (int)d->driver);
	se = fuse_session_new(&args, &synthfs_ops, sizeof(synthfs_ops), ctx);
	if (se && fuse_session_mount(se, d->mp->path)) {
		fuse_session_destroy(se);
		se = NULL;
	}
	fuse_opt_free_args(&args);
	return se;
}

/* The daemon process.  Returns its exit status. */
static int daemon_main(struct daemon *d)
{
	struct synthfs_ops_ctx ctx = { .tree = d->t, .shared = d->shared };
	struct sigaction term = { .sa_handler = on_term };
	sigset_t none;
	pthread_t thread;
	int err;

	signal(SIGINT, SIG_IGN); /* the driver's business */
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	daemon_mp = d->mp;
	sigaction(SIGTERM, &term, NULL);
	sigemptyset(&none); /* the driver blocks what its own thread takes */
	sigprocmask(SIG_SETMASK, &none, NULL);
	d->se = mount_session(&ctx, d);
	err = d->se ? 0 : -EIO; /* libfuse has said what was wrong */
	if (!err)
		err = -pthread_create(&thread, NULL, control_thread, d);
	if (!err)
		err = -pthread_create(&thread, NULL, watch_thread, d);
	if (control_ready(d->control, err) || err) {
		if (d->se)
			on_term(0);
		return 1;
	}
	err = serve(d);
	while (daemon_cleans_up)
		pause(); /* until on_term(), in the other thread, ends us */
	/* The other thread may sit in a write: no point in waiting for it. */
	return err ? 1 : 0;
}

struct synthfs_shared *synthfs_shared_new(void)
{
	struct synthfs_shared *sh =
		mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attr;

	if (sh == MAP_FAILED)
		return NULL;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&sh->alive, &attr);
	pthread_mutexattr_destroy(&attr);
	return sh;
}

int synthfs_start(struct synthfs *fs, const struct tree *t,
		  const struct mount_point *mp, const cpu_set_t *cpus,
		  struct synthfs_shared *shared)
{
	struct daemon d = {
		.shared = shared, .t = t, .mp = mp, .driver = getpid()
	};
	int pair[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	fs->shared = shared;
	fs->control = pair[0];
	fflush(NULL);
	fs->pid = fork();
	if (fs->pid < 0) {
		err = -errno;
		close(pair[0]);
		close(pair[1]);
		fs->pid = 0;
		return err;
	}
	if (!fs->pid) {
		close(pair[0]);
		d.control = pair[1];
		if (sched_setaffinity(0, sizeof(*cpus), cpus)) {
			control_ready(d.control, -errno);
			_exit(1);
		}
		_exit(daemon_main(&d));
	}
	close(pair[1]);
	err = control_wait_ready(fs->control);
	if (err && synthfs_reap(fs, START_IDLE_NS, NULL) == SYNTHFS_STANDS)
		synthfs_kill(fs);
	return err;
}

static struct reap reap_of(const struct synthfs *fs, uint64_t idle_ns)
{
	return (struct reap){ .pid = fs->pid,
			      .op_cnt = fs->shared->op_cnt,
			      .hurry = &fs->shared->stop,
			      .idle_ns = idle_ns };
}

int synthfs_reap(struct synthfs *fs, uint64_t idle_ns, uint64_t *rss_bytes)
{
	struct reap r = reap_of(fs, idle_ns);
	struct rusage ru = { 0 };
	int status = 0;

	if (!fs->pid)
		return 0;
	if (fs->control >= 0)
		close(fs->control);
	fs->control = -1;
	if (!reap(&r, &status, &ru))
		return SYNTHFS_STANDS;
	if (rss_bytes)
		*rss_bytes = (uint64_t)ru.ru_maxrss * 1024;
	fs->pid = 0;
	return status;
}

void synthfs_kill(struct synthfs *fs)
{
	struct reap r = reap_of(fs, 0);
	int status;

	if (fs->pid)
		reap_kill(&r, &status, NULL);
	fs->pid = 0;
}

const char *synthfs_libfuse_version(void)
{
	return fuse_pkgversion();
}
