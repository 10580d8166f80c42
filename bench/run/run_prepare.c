// SPDX-License-Identifier: GPL-2.0-only
/*
 * run_prepare.c - makes ready, and refuses, before anything is measured.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/fs/control.h"
#include "bench/host/mount.h"
#include "bench/host/sweep.h"
#include "bench/host/param.h"
#include "bench/lib/output.h"
#include "run_internal.h"
#include "session.h"
#include "bench/lib/status.h"
#include "bench/lib/units.h"

/* What must stay free beside the tree: this part of it, and this much. */
#define MEM_MARGIN_PART 0.05
#define MEM_MARGIN_BYTES (512ULL << 20)

static sigset_t ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	return set;
}

/*
 * Signals are taken by a thread of their own: the main thread may sit in a
 * system call that waits for the daemon, and no handler runs before it returns.
 */
struct signal_ctx {
	struct synthfs_shared *shared;
	sem_t ready;
};

static void *signal_thread(void *arg)
{
	struct signal_ctx *ctx = arg;
	struct synthfs_shared *shared = ctx->shared;
	sigset_t set = ending_signals();
	int sig;

	pthread_mutex_lock(&shared->alive); /* as long as we live */
	sem_post(&ctx->ready);
	sigwait(&set, &sig);
	bench_interrupted = 1;
	shared->stop = 1; /* the daemon cuts injected delays short */
	/* A second one ends us at once; the daemon cleans up then. */
	sigwait(&set, &sig);
	_exit(STATUS_FAILED);
}

static int catch_signals(struct synthfs_shared *shared)
{
	sigset_t set = ending_signals();
	struct signal_ctx ctx = { .shared = shared };
	pthread_t thread;
	int err;

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sem_init(&ctx.ready, 0, 0);
	err = pthread_create(&thread, NULL, signal_thread, &ctx);
	if (!err)
		sem_wait(&ctx.ready);
	return -err;
}

/* What to do instead of a tree that doesn't fit. */
static void say_too_large(const struct tree *t, uint64_t need, uint64_t avail)
{
	char need_text[UNITS_LEN], avail_text[UNITS_LEN];
	uint64_t room = 0, fitting;

	if (avail > MEM_MARGIN_BYTES)
		room = (uint64_t)((double)(avail - MEM_MARGIN_BYTES) /
				  (1 + MEM_MARGIN_PART));
	fitting = tree_n_fitting(t->shape, room);
	units_format((double)need, UNIT_BYTES, need_text, sizeof(need_text));
	units_format((double)avail, UNIT_BYTES, avail_text, sizeof(avail_text));
	fprintf(stderr,
		"epochbench: %llu names in shape %s need about %s of memory, "
		"%s are available; ",
		(unsigned long long)t->n, shape_name(t->shape), need_text,
		avail_text);
	if (fitting) {
		fprintf(stderr, "the largest that fits is -n %llu\n",
			(unsigned long long)fitting);
		return;
	}
	units_format(MEM_MARGIN_BYTES, UNIT_BYTES, need_text,
		     sizeof(need_text));
	fprintf(stderr,
		"none fit, as %s stay free beside them: free memory, or raise "
		"the limit of this container or cgroup\n",
		need_text);
}

/*
 * Groups that don't fit into memory: a suite skips them, else the run is
 * refused.
 */
static bool check_memory(struct run_config *cfg)
{
	uint64_t avail = hostinfo_mem_available_bytes();

	if (!avail)
		return true;
	for (unsigned int i = 0; i < cfg->group_cnt; i++) {
		struct run_group *g = &cfg->group[i];
		const struct tree *t = &g->tree;
		uint64_t need = tree_mem_bytes(t);

		/* The files that it serves, and what it keeps. */
		if (cfg->theirs.daemon)
			need *= 3;
		need += (uint64_t)((double)need * MEM_MARGIN_PART) +
			MEM_MARGIN_BYTES;
		if (need <= avail)
			continue;
		if (cfg->suite) {
			g->unfit = "not enough memory";
			continue;
		}
		say_too_large(t, need, avail);
		return false;
	}
	return true;
}

int run_probe(struct run *r)
{
	struct control_request req = { .verb = CONTROL_PROBE };
	struct bench *b = &r->bench;
	struct control_reply rep;
	struct sample *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	b->tree = (struct tree){ .shape = SHAPE_WIDE, .n = 1 };
	err = bench_open(b);
	for (unsigned int i = 0; !err && i < inval_method_cnt; i++) {
		req.method = i;
		r->support[i] = control_ask(b->fs.control, &req, &rep);
		if (r->support[i] == -EPIPE)
			err = bench_fail(b, -EPIPE, "the daemon went away");
	}
	r->host.fuse_minor = r->bench.shared->fuse_minor;
	bench_close(b, s);
	free(s);
	if (err)
		fprintf(stderr, "epochbench: %s\n",
			b->fail[0] ? b->fail : strerror(-err));
	return err;
}

int run_use_theirs(struct run *r)
{
	char why[PATH_MAX + 256];
	int err;

	if (!run_is_theirs(r->cfg))
		return 0;
	/* One group, if it is in use: its names are no tree of any size. */
	err = theirs_begin(&r->theirs, &r->cfg->theirs, r->bench.mp.path,
			   &r->cfg->group[0].tree.n, why, sizeof(why));
	if (err)
		fprintf(stderr, "epochbench: %s\n", why);
	r->bench.theirs = &r->theirs;
	r->host.libfuse[0] = 0; /* which it has is a fact of its own */
	return !err ? 0 : r->cfg->theirs.mount ? STATUS_USAGE : STATUS_FAILED;
}

int run_trace(struct run *r)
{
	char why[512];

	r->bench.view = kernel_view_open(why, sizeof(why));
	if (r->bench.view)
		return 0;
	fprintf(stderr, "epochbench: --trace: %s\n", why);
	return STATUS_USAGE;
}

#define RT_LIMIT "/proc/sys/kernel/sched_rt_runtime_us"

/*
 * Driver and daemon in turn, whoever blocks: what a fair scheduler has to work
 * out for that depends on how long each has run before, a hundred instructions
 * more or less.  And no pause of 50 ms in each second, which would be counted.
 */
static int take_turns_exactly(struct run *r)
{
	struct sched_param param = { .sched_priority = 1 };
	int err = access(RT_LIMIT, F_OK)
			  ? 0
			  : param_set(&r->rt_limit, RT_LIMIT, "-1");

	if (!err && sched_setscheduler(0, SCHED_FIFO, &param))
		err = -errno;
	return err;
}

/* Before anything is measured in vain.  path may be NULL. */
static bool can_write(const char *path)
{
	int err = path ? output_check(path) : 0;

	if (err)
		output_complain("epochbench", path, err);
	return !err;
}

int run_prepare(struct run *r)
{
	struct run_config *cfg = r->cfg;
	char err_text[PATH_MAX + 256]; /* a sentence about a path */
	cpu_set_t own;
	int err;

	if (mount_check(err_text, sizeof(err_text))) {
		fprintf(stderr, "epochbench: %s\n", err_text);
		return STATUS_SKIP;
	}
	if (cfg->clock && clock_use(cfg->clock)) {
		fprintf(stderr,
			"epochbench: the time-stamp counter doesn't count "
			"instructions here, so --clock %s can't: run it in "
			"such a guest: the suite's vm --icount -- ...\n",
			cfg->clock);
		return STATUS_SKIP;
	}
	sweep_leftovers();
	if (cfg->group[0].threads > (unsigned int)CPU_COUNT(&cfg->daemon_cpus))
		fprintf(stderr,
			"epochbench: %u notifying threads share %d CPU(s): see "
			"--cpus\n",
			cfg->group[0].threads, CPU_COUNT(&cfg->daemon_cpus));
	if (!check_memory(cfg))
		return STATUS_USAGE;
	if (mount_namespace_enter(err_text, sizeof(err_text))) {
		fprintf(stderr, "epochbench: %s\n", err_text);
		return STATUS_SKIP;
	}
	if (mount_point_take(&r->bench.mp, cfg->mountpoint, err_text,
			     sizeof(err_text))) {
		fprintf(stderr, "epochbench: %s\n", err_text);
		return STATUS_USAGE;
	}
	if (!can_write(cfg->output) || !can_write(cfg->symbols))
		return STATUS_USAGE;
	CPU_ZERO(&own);
	CPU_SET(cfg->driver_cpu, &own);
	if (sched_setaffinity(0, sizeof(own), &own)) {
		fprintf(stderr, "epochbench: cannot pin to CPU %d: %s\n",
			cfg->driver_cpu, strerror(errno));
		return STATUS_FAILED;
	}
	err = clock_is_exact() ? take_turns_exactly(r) : 0;
	if (err) {
		fprintf(stderr, "epochbench: cannot become SCHED_FIFO: %s\n",
			strerror(-err));
		return STATUS_FAILED;
	}
	r->bench.daemon_cpus = cfg->daemon_cpus;
	r->bench.shared = synthfs_shared_new();
	if (!r->bench.shared || catch_signals(r->bench.shared)) {
		fprintf(stderr, "epochbench: no memory\n");
		return STATUS_FAILED;
	}
	for (int i = 0; i < OPCODE_MAX; i++)
		r->bench.shared->delay_ns[i] = cfg->delay_ns[i];
	r->bench.shared->timeout_s = cfg->timeout_s;
	run_identify(r->run_id, &r->host, r->cfg->cpus,
		     synthfs_libfuse_version());
	return 0;
}
