// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/host/cpu_time.h"
#include "bench/lib/clock.h"
#include "bench/lib/pulse.h"
#include "bench/host/child.h"
#include "above.h"
#include "cell.h"

#define NS_PER_S 1000000000ULL
/* What uses no CPU for so long hangs, in an emulated guest, too. */
#define IDLE_NS (60 * NS_PER_S)
#define LOOK_NS 2000000
/* From the walker's begin to the event of a timeline, and before that. */
#define TIMELINE_BEFORE_NS NS_PER_S
#define TIMELINE_LEAD_NS (NS_PER_S / 5)

static void pause_ns(uint64_t ns)
{
	struct timespec ts = { (time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S) };

	nanosleep(&ts, NULL);
}

int cell_mount(struct stage *st, char *err, size_t err_len)
{
	struct statx stx;
	int ret = st->command ? stand_in_start(st->stand_in, &st->fs,
					       st->command, st->source->file[0],
					       &st->daemon_cpus)
			      : passfs_start(&st->fs, STAGE_TREE, STAGE_MOUNT,
					     &st->daemon_cpus);

	/* As cached: asks nothing of the daemon. */
	if (!ret && statx(AT_FDCWD, STAGE_MOUNT, AT_STATX_DONT_SYNC, 0, &stx))
		ret = -errno;
	if (ret)
		snprintf(err, err_len, "cannot mount: %s",
			 st->stand_in->err[0] ? st->stand_in->err
					      : strerror(-ret));
	else
		child_uses(stx.stx_dev_minor);
	return ret;
}

/* What a program has left open is closed in a moment. */
static void umount_calmly(const char *path)
{
	uint64_t until_ns = clock_monotonic_ns() + NS_PER_S;
	int busy;

	while ((busy = umount2(path, 0)) && errno == EBUSY &&
	       clock_monotonic_ns() < until_ns)
		pause_ns(LOOK_NS);
	if (busy && errno != EINVAL) {
		child_abort();
		umount2(path, MNT_DETACH);
	}
}

int cell_umount(struct stage *st)
{
	if (st->has_above)
		umount_calmly(STAGE_ABOVE);
	umount_calmly(STAGE_MOUNT);
	child_uses(0);
	return passfs_reap(&st->fs);
}

static int fail(struct cell_result *res, int err, const char *what)
{
	if (!res->failure[0])
		snprintf(res->failure, sizeof(res->failure), "%s", what);
	return err;
}

/* Its wait status; one that doesn't end loses the mount, then its life. */
static int await_end(pid_t pid)
{
	struct pulse pulse = { .idle_ns = IDLE_NS };
	pid_t got;
	int status = -1;

	while (!(got = waitpid(pid, &status, WNOHANG)) &&
	       pulse_beats(&pulse, cpu_time_of(pid), clock_monotonic_ns()))
		pause_ns(LOOK_NS);
	if (got)
		return status;
	child_abort();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status;
}

const struct workload *cell_workload(const struct cell *c)
{
	return c->timeline ? &workload_walk : &workloads[c->workload];
}

static struct program_env env_of(const struct stage *st)
{
	return (struct program_env){ .cpus = st->workload_cpus,
				     .fs = st->fs.shared,
				     .daemon = st->fs.pid,
				     .idle_ns = IDLE_NS,
				     .hang = child_abort };
}

/* In all cells but those of a timeline, which are about the walker alone. */
static int mount_above(const struct stage *st, const struct cell *c,
		       struct cell_result *res)
{
	pid_t pid;

	if (!st->has_above || c->timeline)
		return 0;
	pid = above_start();
	return pid < 0 || await_end(pid)
		       ? fail(res, -EIO, "cannot mount an overlay above")
		       : 0;
}

static int warm_up(const struct stage *st, const struct cell *c,
		   struct cell_result *res)
{
	struct program_env env = env_of(st);
	int err = workload_warm_up(cell_workload(c), &env, &res->work);

	return err ? fail(res, err, res->work.failure) : 0;
}

/* Starts counting; called again: what has come since then. */
static void count(const struct stage *st, struct cell_result *res)
{
	const struct passfs_shared *sh = st->fs.shared;

	for (int op = 0; op < OPCODE_MAX; op++)
		res->op_cnt[op] = sh->op_cnt[op] - res->op_cnt[op];
	res->watched_cnt = sh->watched_cnt - res->watched_cnt;
	res->daemon_cpu_ns = cpu_time_of_tree(st->fs.pid) - res->daemon_cpu_ns;
	res->wall_ns = clock_monotonic_ns() - res->wall_ns;
}

/* Returns its pid (0: this cell has no events) once all is cached, or -errno. */
static pid_t start_events(struct stage *st, const struct cell *c,
			  const struct events_plan *plan,
			  struct cell_result *res)
{
	struct pulse pulse = { .idle_ns = IDLE_NS };
	pid_t pid;

	if (!c->how.method) /* "none" */
		return 0;
	pid = events_start(st->events, plan, &st->oracle, &st->fs);
	while (pid > 0 && !st->events->ready && !st->events->failure[0] &&
	       pulse_beats(&pulse, cpu_time_of(pid), clock_monotonic_ns()))
		pause_ns(LOOK_NS);
	if (pid < 0)
		fail(res, pid, "cannot start a process");
	return pid;
}

static int end_events(struct stage *st, pid_t pid, struct cell_result *res)
{
	int status;

	if (!pid)
		return 0;
	st->events->stop = true;
	status = await_end(pid);
	if (st->events->failure[0])
		return fail(res, -EIO, st->events->failure);
	return status ? fail(res, -EIO, "the oracle hung, or was killed") : 0;
}

/* The workload, or in a timeline nothing, while the others are at work. */
static int work(struct stage *st, const struct cell *c, struct cell_result *res)
{
	struct program_env env = env_of(st);
	int err;

	if (c->timeline) {
		pause_ns(TIMELINE_LEAD_NS + c->run_ns);
		return 0;
	}
	err = workload_run(cell_workload(c), c->run_ns, &env, &res->work);
	return err ? fail(res, err, res->work.failure) : 0;
}

static int end_inside(struct stage *st, pid_t pid, struct cell_result *res)
{
	st->inside->stop = true;
	if (await_end(pid))
		return fail(res, -EIO, "who works inside hung, or was killed");
	return st->inside->err
		       ? fail(res, st->inside->err, "cannot go into the tree")
		       : 0;
}

/* The work, beside the walker and somebody inside. */
static int beside(struct stage *st, const struct cell *c,
		  struct cell_result *res)
{
	bool is_inside = !c->timeline && !c->no_oracle;
	pid_t inside = is_inside ? inside_start(st->inside, st->source) : 0;
	pid_t walker = walker_start(st->walker, st->source, !c->timeline,
				    clock_monotonic_ns() + TIMELINE_LEAD_NS);
	int err = inside < 0 || walker < 0
			  ? fail(res, -EAGAIN, "cannot start a process")
			  : work(st, c, res);

	st->walker->stop = true;
	if (walker > 0 && await_end(walker) && !err)
		err = fail(res, -EIO, "the walker hung, or was killed");
	if (inside > 0) {
		int inside_err = end_inside(st, inside, res);

		err = err ? err : inside_err;
	}
	return err;
}

static int measure(struct stage *st, const struct cell *c,
		   struct cell_result *res)
{
	struct events_plan plan = {
		.method = c->how.method,
		.all = !c->how.changed,
		.rate_hz = c->rate_hz,
		.once_ns = TIMELINE_LEAD_NS + TIMELINE_BEFORE_NS,
		.no_oracle = c->no_oracle,
		.above = st->has_above && !c->timeline && !c->no_oracle
				 ? st->source->file[st->source->file_cnt / 2]
				 : NULL,
		.swallow = st->swallow,
	};
	struct passfs_request idle = { .verb = PASSFS_IDLE };
	struct passfs_reply rep;
	pid_t events = start_events(st, c, &plan, res);
	int err, events_err;

	if (events < 0)
		return events;
	count(st, res);
	err = beside(st, c, res);
	count(st, res);
	events_err = end_events(st, events, res);
	if (!err && !events_err && passfs_ask(st->fs.control, &idle, &rep))
		err = fail(res, -EIO, "the file system's daemon went away");
	if (!err && !events_err && st->walker->err)
		err = fail(res, st->walker->err, strerror(-st->walker->err));
	return err ? err : events_err;
}

int cell_run(struct stage *st, const struct cell *c, struct cell_result *res)
{
	int err = oracle_reset(&st->oracle), end_err;

	memset(res, 0, sizeof(*res));
	memset(st->inside, 0, sizeof(*st->inside));
	memset(st->events, 0,
	       sizeof(*st->events) - sizeof(st->events->notify_ns));
	if (err)
		return fail(res, err, "cannot write the oracle's files");
	err = cell_mount(st, res->failure, sizeof(res->failure));
	if (!err)
		err = mount_above(st, c, res);
	if (!err)
		err = warm_up(st, c, res);
	if (!err)
		err = measure(st, c, res);
	end_err = cell_umount(st);
	if (!err && end_err)
		err = fail(res, end_err,
			   "the file system's daemon didn't end in peace");
	/* Of one that isn't ours it is a finding: it may keep answers itself. */
	if (!err && st->events->stale_cnt && !st->command)
		err = fail(res, -EBADMSG, st->events->stale);
	return err;
}
