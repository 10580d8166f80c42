// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "bench/host/cpu_time.h"
#include "bench/lib/clock.h"
#include "due.h"
#include "events.h"

#define NS_PER_S 1000000000ULL
/* How long a reply may be on its way after the daemon has written it. */
#define REPLY_SLACK_NS 20000000ULL
/* A stop must not wait for the next event. */
#define SLICE_NS 20000000ULL
/*
 * So that it costs little: no more events than that in a second are looked at
 * when they happen, the others at their directory's next turn or in the end; and
 * they change but two names.  Where changing them costs, too, fewer are.
 */
#define LOOK_MAX_HZ 5.0
#define LOOK_FAST_HZ 3.0
#define FAST_ABOVE_HZ 20.0
enum { FEW = 2, TELL_AGAIN = 3 };

/* What an event changes. */
struct turn {
	unsigned int dir, first, cnt;
	bool look;
};

struct state {
	struct events *ev;
	const struct events_plan *plan;
	const struct inval_method *method;
	struct oracle *o;
	const struct passfs *fs;
	uint64_t looked_cnt; /* events that were looked at */
	struct turn before; /* the last event */
	struct same same;
	/* Of each name, and of a listing, the last time: changed, and told. */
	struct {
		uint64_t changed_ns, notified_ns;
	} last[ORACLE_DIR_CNT][ORACLE_KIND_CNT + 1];
};

struct events *events_new(void)
{
	struct events *ev = mmap(NULL, sizeof(*ev), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return ev == MAP_FAILED ? NULL : ev;
}

static int fail(struct state *s, int err, const char *what)
{
	/* Killed, or aborted: one sentence for all. */
	if (err == -ENOTCONN || err == -ECONNABORTED || err == -EPIPE)
		snprintf(s->ev->failure, sizeof(s->ev->failure),
			 "the file system's daemon went away");
	else
		snprintf(s->ev->failure, sizeof(s->ev->failure), "%s: %s", what,
			 strerror(-err));
	return err;
}

/* False: stopped before. */
static bool wait_until(const struct events *ev, uint64_t at_ns)
{
	uint64_t now_ns = clock_monotonic_ns();

	while (!ev->stop && now_ns < at_ns) {
		uint64_t to_ns =
			at_ns - now_ns > SLICE_NS ? now_ns + SLICE_NS : at_ns;
		struct timespec ts = { (time_t)(to_ns / NS_PER_S),
				       (long)(to_ns % NS_PER_S) };

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		now_ns = clock_monotonic_ns();
	}
	return !ev->stop;
}

static void name_change(struct passfs_change *c, const struct oracle *o,
			unsigned int dir, enum oracle_kind kind)
{
	snprintf(c->dir, sizeof(c->dir), "%s", o->dir[dir].path);
	snprintf(c->name, sizeof(c->name), "%s",
		 kind == ORACLE_KIND_CNT ? "" : oracle_name(kind));
}

static int ask_notify(struct state *s, struct passfs_request *req,
		      struct passfs_reply *rep)
{
	int err;

	req->verb = PASSFS_NOTIFY;
	req->method = s->plan->method;
	req->all = s->plan->all;
	req->swallow =
		s->plan->swallow && (s->ev->cnt + 1) % s->plan->swallow == 0;
	err = passfs_ask(s->fs->control, req, rep);
	return err ? fail(s, err, "the daemon cannot notify") : 0;
}

/* Has the kernel told about the name by that method, and looks.  As oracle_check(). */
static int tell_again(struct state *s, unsigned int method, bool all,
		      unsigned int dir, enum oracle_kind kind)
{
	struct passfs_request req = { .verb = PASSFS_NOTIFY,
				      .method = method,
				      .all = all,
				      .swallow = s->plan->swallow == 1,
				      .change_cnt = 1 };
	struct passfs_reply rep;
	char what[160];
	int stale;

	name_change(&req.change[0], s->o, dir, kind);
	stale = passfs_ask(s->fs->control, &req, &rep);
	if (!stale)
		stale = oracle_check(s->o, dir, kind, what, sizeof(what));
	return stale < 0 ? fail(s, stale, "cannot look through the mount")
			 : stale;
}

static int gather(struct state *s, unsigned int dir, enum oracle_kind kind,
		  struct passfs_reply *seen)
{
	struct passfs_request req = { .verb = PASSFS_EVIDENCE,
				      .change_cnt = 1 };
	int err;

	name_change(&req.change[0], s->o, dir, kind);
	req.from_ns = s->last[dir][kind].changed_ns - REPLY_SLACK_NS;
	req.until_ns = s->last[dir][kind].notified_ns;
	err = passfs_ask(s->fs->control, &req, seen);
	return err ? fail(s, err, "cannot ask the daemon") : 0;
}

/*
 * Why is it stale?  A reply with old news that was on its way while the event
 * was, and that the next notification makes good, is a hazard of the kernel
 * that results/hazards.md knows.  Of a listing the next one makes nothing good:
 * the kernel puts what comes late into its cache of the directory, as if it had
 * been asked for now; only dropping the directory's pages helps.  Beside a
 * process that lists all the time, the next may meet a late reply, too: some
 * more are tried, but what nothing late explains isn't excused by them.
 * Returns 0 or -errno.
 */
static int explain(struct state *s, unsigned int dir, enum oracle_kind kind,
		   const char *what)
{
	unsigned int inode = (unsigned int)inval_by_name("inval_inode");
	bool listing = kind == ORACLE_KIND_CNT, still;
	struct events *ev = s->ev;
	struct passfs_reply seen;
	enum hazard_race race;
	int stale = 1, err = gather(s, dir, kind, &seen);

	for (int i = 0; !err && stale > 0 && i < TELL_AGAIN; i++)
		stale = tell_again(s, s->plan->method, s->plan->all, dir, kind);
	if (err)
		stale = err;
	still = stale > 0;
	if (stale > 0 && listing)
		stale = tell_again(s, inode, false, dir, kind);
	if (stale < 0)
		return stale;
	race = stale ? RACE_NONE : race_of(s->method->name, kind, &seen);
	if (race)
		ev->race_cnt[race]++;
	else if (!ev->stale_cnt++)
		snprintf(ev->stale, sizeof(ev->stale),
			 "%s/%s: %s, after event %llu; %s", s->o->dir[dir].path,
			 listing ? "" : oracle_name(kind), what,
			 (unsigned long long)ev->cnt,
			 still ? "still so after another"
			       : "not after another, but nothing was late that "
				 "explains it");
	return 0;
}

static int check(struct state *s, unsigned int dir, enum oracle_kind kind)
{
	char what[160];
	int stale;

	if (!oracle_is_covered(kind, s->method))
		return 0;
	stale = oracle_check(s->o, dir, kind, what, sizeof(what));
	s->ev->check_cnt++;
	if (stale < 0)
		return fail(s, stale, "cannot look through the mount");
	return stale ? explain(s, dir, kind, what) : 0;
}

static int check_number(struct state *s, unsigned int dir)
{
	int err = same_number(&s->same, s->o, dir, &s->ev->same);

	return err ? fail(s, err, "cannot look through the mount") : 0;
}

static int check_above(struct state *s)
{
	int err = s->plan->above ? same_above(s->plan->above, &s->ev->same) : 0;

	return err ? fail(s, err, "cannot look through the overlay") : 0;
}

/* Looks at names of a directory from kind `first`, cnt of them, and the listing. */
static int check_some(struct state *s, unsigned int dir, unsigned int first,
		      unsigned int cnt)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cnt; i++)
		err = check(s, dir, (first + i) % ORACLE_KIND_CNT);
	/* In a test of the race: it would fill the cache before the others. */
	if (s->fs->shared->manner.late_ns)
		return err;
	if (!err)
		err = check(s, dir, ORACLE_KIND_CNT);
	return err ? err : check_number(s, dir);
}

static int check_all(struct state *s)
{
	int err = 0;

	for (unsigned int d = 0; !err && d < s->o->dir_cnt; d++)
		err = check_some(s, d, 0, ORACLE_KIND_CNT);
	return err;
}

static int change_some(struct state *s, struct passfs_request *req,
		       unsigned int dir, unsigned int first, unsigned int cnt)
{
	int err = 0;

	s->last[dir][ORACLE_KIND_CNT].changed_ns = clock_monotonic_ns();
	for (unsigned int i = 0; !err && i < cnt; i++) {
		enum oracle_kind kind = (first + i) % ORACLE_KIND_CNT;

		s->last[dir][kind].changed_ns = clock_monotonic_ns();
		err = oracle_change(s->o, dir, kind);
		name_change(&req->change[req->change_cnt++], s->o, dir, kind);
	}
	s->ev->changed_cnt += cnt;
	return err ? fail(s, err, "cannot change a file behind the mount") : 0;
}

/* Is this event looked at?  (Every so many; never without an oracle.) */
static bool looks(const struct state *s)
{
	double rate_hz = s->plan->rate_hz;
	double most_hz = rate_hz > FAST_ABOVE_HZ ? LOOK_FAST_HZ : LOOK_MAX_HZ;
	uint64_t every = (uint64_t)ceil(rate_hz / most_hz);

	return !s->plan->no_oracle && (every < 2 || s->ev->cnt % every == 0);
}

static int tell(struct state *s, struct passfs_request *req)
{
	struct events *ev = s->ev;
	struct passfs_reply rep;
	int err;

	ev->event_ns = clock_monotonic_ns();
	err = ask_notify(s, req, &rep);
	if (err)
		return err;
	if (ev->cnt < EVENTS_MAX)
		ev->notify_ns[ev->cnt] = rep.cost_ns;
	ev->cnt++;
	ev->msg_cnt += rep.msg_cnt;
	ev->msg_error_cnt += rep.msg_error_cnt;
	return rep.msg_error_cnt ? fail(s, -rep.first_errno,
					"the kernel refused messages")
				 : 0;
}

static struct turn next_turn(struct state *s)
{
	bool look = looks(s), few = s->plan->rate_hz > LOOK_MAX_HZ;
	uint64_t nr = look ? s->looked_cnt++ : s->ev->cnt;

	return (struct turn){
		.dir = (unsigned int)(nr % s->o->dir_cnt),
		.first = (unsigned int)(nr / s->o->dir_cnt * FEW %
					ORACLE_KIND_CNT),
		.cnt = few ? FEW : ORACLE_KIND_CNT,
		.look = look,
	};
}

static void note_told(struct state *s, const struct turn *t)
{
	uint64_t now_ns = clock_monotonic_ns();

	for (unsigned int i = 0; i < t->cnt; i++)
		s->last[t->dir][(t->first + i) % ORACLE_KIND_CNT].notified_ns =
			now_ns;
	s->last[t->dir][ORACLE_KIND_CNT].notified_ns = now_ns;
}

static int look_at(struct state *s, const struct turn *t)
{
	return t->look ? check_some(s, t->dir, t->first, t->cnt) : 0;
}

/*
 * Looks again at what the event before has changed: a late reply may have made
 * it stale.  Looks at what is to change, so that it is cached; changes it; has
 * it told; looks.
 */
static int one_event(struct state *s)
{
	struct turn t = next_turn(s);
	struct passfs_request req = { .change_cnt = 0 };
	int err = look_at(s, &s->before);

	if (!err)
		err = look_at(s, &t);
	if (!err && !s->plan->no_oracle)
		err = change_some(s, &req, t.dir, t.first, t.cnt);
	if (!err)
		err = tell(s, &req);
	note_told(s, &t);
	s->before = t;
	if (!err)
		err = look_at(s, &t);
	return err || !t.look ? err : check_above(s);
}

static int run(struct state *s)
{
	struct events *ev = s->ev;
	uint64_t begin_ns, begin_cpu_ns, ended_ns = 0;
	int err = s->plan->no_oracle ? 0 : check_all(s);

	if (!err)
		err = check_above(s);
	begin_ns = clock_monotonic_ns();
	begin_cpu_ns = cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID);
	ev->check_cnt = 0;
	ev->same = (struct same_counts){ .number_cnt = 0 };
	ev->ready = true;
	for (uint64_t k = 0; !err; k++) {
		uint64_t due_ns =
			begin_ns + (s->plan->rate_hz > 0
					    ? events_due_ns(s->plan->rate_hz, k)
					    : s->plan->once_ns);

		if (!wait_until(ev, due_ns))
			break;
		ev->late_cnt += ended_ns > due_ns;
		err = one_event(s);
		ended_ns = clock_monotonic_ns();
		if (!(s->plan->rate_hz > 0))
			break;
	}
	ev->cpu_ns = cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID) - begin_cpu_ns;
	ev->due_cnt = ev->cnt;
	if (s->plan->rate_hz > 0)
		ev->due_cnt = events_due_cnt(s->plan->rate_hz,
					     clock_monotonic_ns() - begin_ns);
	while (!err && !ev->stop)
		wait_until(ev, UINT64_MAX);
	return err || s->plan->no_oracle ? err : check_all(s);
}

pid_t events_start(struct events *ev, const struct events_plan *plan,
		   struct oracle *o, struct passfs *fs)
{
	struct state s = { .ev = ev,
			   .plan = plan,
			   .method = &inval_methods[plan->method],
			   .o = o,
			   .fs = fs };
	pid_t pid;

	memset(ev, 0, sizeof(*ev));
	pid = fork();
	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fs->shared->watched_pid = getpid();
	_exit(run(&s) ? 1 : 0);
}
