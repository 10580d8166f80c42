// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <linux/membarrier.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "measure.h"
#include "bench/fs/control.h"
#include "bench/host/fusectl.h"
#include "bench/host/mount_holder.h"
#include "bench/lib/progress.h"
#include "operation.h"
#include "session.h"
#include "theirs.h"
#include "theirs_notify.h"
#include "walk.h"

/* A machine is settled when memory in use falls by less than this in 20 ms. */
#define SETTLE_BYTES (1ULL << 20)
#define SETTLE_DEADLINE_NS 10000000000ULL
/* Trees smaller than this leave nothing worth waiting for. */
#define SETTLE_N_MIN 10000
/*
 * A daemon that stands still after its unmount for so long is held by somebody;
 * one that doesn't end after that, when its connection was aborted, hangs.
 */
#define HELD_NS 1000000000ULL
#define HANGS_NS 30000000000ULL

/*
 * Waits until the memory of the sample before is free (inodes and dentries
 * wait for RCU, a million of them for seconds): else it would be counted as
 * there already, and its freeing would run inside this sample.
 */
static void settle(void)
{
	static const struct timespec pause = { .tv_nsec = 20000000 };
	uint64_t until = clock_monotonic_ns() + SETTLE_DEADLINE_NS;
	uint64_t now, before;

	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0,
		0); /* a grace period */
	now = hostinfo_slab_bytes();
	do {
		before = now;
		nanosleep(&pause, NULL);
		now = hostinfo_slab_bytes();
	} while (now + SETTLE_BYTES < before && clock_monotonic_ns() < until);
}

/* Which device it is, as cached: asks nothing of the daemon. */
static int note_device(struct bench *b)
{
	struct statx stx;
	int fusectl;

	if (statx(AT_FDCWD, b->mp.path, AT_STATX_DONT_SYNC, 0, &stx))
		return bench_fail(b, -errno, "statx %s: %s", b->mp.path,
				  strerror(errno));
	b->dev = stx.stx_dev_major << 20 | stx.stx_dev_minor;
	fusectl = fusectl_open();
	if (fusectl >= 0) {
		b->abort_fd = fusectl_abort_open(fusectl, stx.stx_dev_minor);
		close(fusectl);
	}
	return 0;
}

static int start_ours(struct bench *b)
{
	uint64_t at;
	int err;

	b->abort_fd = -1;
	err = synthfs_start(&b->fs, &b->tree, &b->mp, &b->daemon_cpus,
			    b->shared);

	if (err)
		return bench_fail(b, err, "cannot mount at %s: %s", b->mp.path,
				  strerror(-err));
	err = measure_drain(b, &at); /* INIT has been answered then */
	return err ? err : note_device(b);
}

int bench_open(struct bench *b)
{
	int err;

	memset(b->shared->op_cnt, 0, sizeof(b->shared->op_cnt));
	if (b->last_n >= SETTLE_N_MIN || b->tree.n >= SETTLE_N_MIN)
		settle();
	b->last_n = b->tree.n;
	b->mem_start_bytes = hostinfo_mem_used_bytes();
	b->slab_start_bytes = hostinfo_slab_bytes();
	err = b->theirs ? theirs_open(b) : start_ours(b);
	if (!err && b->view)
		err = kernel_view_aim(b->view,
				      b->theirs ? b->theirs->root : b->mp.path);
	return err;
}

/*
 * The file system is unmounted, but somebody has it still.  Its connection is
 * aborted: what is measured is measured, and the daemon must end.
 */
static void abort_held(const struct bench *b)
{
	static bool told;
	char who[160];

	if (!told && mount_holder(b->dev, who, sizeof(who))) {
		told = true;
		progress_clear();
		fprintf(stderr,
			"epochbench: the run's mount doesn't go away with its "
			"unmount: %s; its connection was aborted, the samples "
			"are good\n",
			who);
	}
	if (b->abort_fd >= 0 && write(b->abort_fd, "1", 1) != 1)
		perror("epochbench: cannot abort a connection");
}

/* Its wait status; or SYNTHFS_STANDS: it hung, and was killed. */
static int end_daemon(struct bench *b, struct sample *s)
{
	int status = synthfs_reap(&b->fs, HELD_NS, &s->daemon_rss_bytes);

	if (status == SYNTHFS_STANDS) {
		abort_held(b);
		status = synthfs_reap(&b->fs, HANGS_NS, &s->daemon_rss_bytes);
		if (status == SYNTHFS_STANDS)
			synthfs_kill(&b->fs);
	}
	if (b->abort_fd >= 0)
		close(b->abort_fd);
	b->abort_fd = -1;
	return status;
}

int bench_close(struct bench *b, struct sample *s)
{
	bool failed = b->fail[0] || bench_interrupted;
	int status, err;

	ballast_drop(&b->ballast);
	if (b->theirs)
		return theirs_close(b, s);
	/* Also when starting failed: it may have come as far as mounting. */
	err = mount_point_umount(&b->mp, failed || !b->fs.pid);
	if (!b->fs.pid)
		return err;
	status = end_daemon(b, s);
	if (status == SYNTHFS_STANDS)
		return bench_fail(b, -EIO,
				  "the file system's daemon hung when its "
				  "connection was aborted, and was killed");
	if (WIFSIGNALED(status)) {
		snprintf(b->fail, sizeof(b->fail),
			 "the file system's daemon was killed by signal %d",
			 WTERMSIG(status));
		return -EIO;
	}
	/* Aborted it may complain; unmounted in peace it has no reason to. */
	if (status && !failed)
		return bench_fail(
			b, -EIO,
			"the file system's daemon ended with status %d",
			WEXITSTATUS(status));
	return err ? bench_fail(b, err, "umount %s: %s", b->mp.path,
				strerror(-err))
		   : 0;
}

static int walk_all(struct bench *b)
{
	return walk_slots(b, 1, b->tree.n);
}

int bench_populate(struct bench *b, struct sample *s)
{
	bool readdir = b->populate == POPULATE_READDIRPLUS;
	int err;

	measure_begin(b);
	err = readdir ? walk_readdir(b) : walk_all(b);
	/*
	 * READDIRPLUS brings no link targets; and whoever reads a directory or
	 * the target of a link makes its access time stale.
	 */
	if (!err && readdir)
		err = walk_slots(b, 1, tree_dir_cnt(&b->tree));
	if (!err && readdir && b->tree.shape == SHAPE_SYMLINKS)
		err = walk_all(b);
	if (!err && b->tree.shape == SHAPE_SYMLINKS)
		err = walk_all(b);
	return err ? err : measure_end(b, s, PHASE_POPULATE, false);
}

int bench_prove_warm(struct bench *b, struct sample *s)
{
	const struct phase_cost *p = &s->phase[PHASE_WARM_WALK];
	char sent[80] = "";
	int err;

	measure_begin(b);
	err = walk_all(b);
	if (!err)
		err = measure_end(b, s, PHASE_WARM_WALK, false);
	for (unsigned int i = 0; !err && i < OPCODE_MAX; i++)
		if (p->op_cnt[i])
			snprintf(sent + strlen(sent),
				 sizeof(sent) - strlen(sent), " %llu %s",
				 (unsigned long long)p->op_cnt[i],
				 opcode_name(i));
	if (!sent[0])
		return err;
	return bench_fail(
		b, -EAGAIN,
		"the cache isn't warm: a second walk of %llu names sent%s",
		(unsigned long long)b->tree.n, sent);
}

static int ask_notify(struct bench *b, struct sample *s, bool bare,
		      uint64_t *cost)
{
	struct control_request req = {
		.verb = CONTROL_NOTIFY,
		.method = b->method_nr,
		.threads = b->threads,
		.bare = bare,
		.op = b->per_message ? operation_nr(b, PHASE_NOTIFY) : 0
	};
	struct control_reply rep;
	int err = control_ask(b->fs.control, &req, &rep);

	if (err)
		return bench_fail(b, err, "notifying failed: %s",
				  err == -EPIPE
					  ? "the file system's daemon went away"
					  : strerror(-err));
	*cost = b->per_message ? rep.inval.least_cost : rep.inval.cost;
	s->msg_cnt = rep.inval.msg_cnt;
	s->msg_error_cnt = rep.inval.msg_error_cnt;
	if (rep.inval.msg_error_cnt)
		return bench_fail(
			b, -EIO, "the kernel refused %llu of %llu messages: %s",
			(unsigned long long)rep.inval.msg_error_cnt,
			(unsigned long long)rep.inval.msg_cnt,
			strerror(rep.inval.first_errno));
	return 0;
}

int bench_notify(struct bench *b, struct sample *s, bool bare)
{
	enum phase ph = bare ? PHASE_BARE_WRITE : PHASE_NOTIFY;
	uint64_t cost = 0;
	int err = 0;

	if (b->theirs)
		return theirs_notify(b, s);
	measure_begin(b);
	if (b->method->act) {
		err = b->method->act(b->mp.path);
		if (err)
			bench_fail(b, err, "%s: %s", b->method->name,
				   strerror(-err));
	} else if (b->method->msg_cnt) {
		err = ask_notify(b, s, bare, &cost);
	}
	if (!err)
		err = measure_end(b, s, ph, !bare);
	/* The daemon's own clock: without the way there and back. */
	if (!err && !b->method->act)
		s->phase[ph].cost = cost;
	return err;
}

/* The deepest name, so that the whole path to it is stale. */
static uint64_t first_slot(const struct tree *t)
{
	return t->shape == SHAPE_DEEP ? t->n : 1;
}

int bench_list(struct bench *b, struct sample *s)
{
	int err;

	measure_begin(b);
	err = walk_readdir(b);
	return err ? err : measure_end(b, s, PHASE_LIST, true);
}

int bench_first_touch(struct bench *b, struct sample *s)
{
	uint64_t slot = first_slot(&b->tree);
	int err;

	measure_begin(b);
	err = walk_slots(b, slot, slot);
	return err ? err : measure_end(b, s, PHASE_FIRST_TOUCH, true);
}

int bench_rewalk(struct bench *b, struct sample *s)
{
	uint64_t slot = first_slot(&b->tree);
	int err;

	measure_begin(b);
	err = walk_slots(b, 1, slot - 1);
	if (!err)
		err = walk_slots(b, slot + 1, b->tree.n);
	return err ? err : measure_end(b, s, PHASE_REWALK, true);
}

void bench_total(struct sample *s)
{
	static const enum phase parts[] = { PHASE_NOTIFY, PHASE_LIST,
					    PHASE_FIRST_TOUCH, PHASE_REWALK,
					    PHASE_RECLAIM };
	struct phase_cost *total = &s->phase[PHASE_TOTAL];

	total->used = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct phase_cost *p = &s->phase[parts[i]];

		total->cost += p->cost;
		total->driver_cpu_ns += p->driver_cpu_ns;
		total->daemon_cpu_ns += p->daemon_cpu_ns;
		for (int op = 0; op < OPCODE_MAX; op++)
			total->op_cnt[op] += p->op_cnt[op];
		kernel_view_add(&total->kernel, &p->kernel);
	}
}

/* A time that somebody's working directory has spoilt isn't measured. */
static int explain_umount(struct bench *b, int err)
{
	char who[160] = "";

	if (err == -EBUSY && mount_holder(b->dev, who, sizeof(who)))
		return bench_fail(b, err, "umount %s: %s: %s", b->mp.path,
				  strerror(-err), who);
	return bench_fail(b, err, "umount %s: %s", b->mp.path, strerror(-err));
}

int bench_umount(struct bench *b, struct sample *s)
{
	struct phase_cost *p = &s->phase[PHASE_UMOUNT];
	uint64_t start = clock_now();

	if (umount2(b->mp.path, 0))
		return explain_umount(b, -errno);
	p->used = true;
	p->cost = clock_now() - start;
	return 0;
}
