// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>

#include "bench/lib/clock.h"
#include "bench/fs/control.h"
#include "bench/host/cpu_time.h"
#include "bench/lib/pulse.h"
#include "measure.h"
#include "theirs.h"

static void snapshot(const struct bench *b, uint64_t *op_cnt)
{
	for (int i = 0; i < OPCODE_MAX; i++)
		op_cnt[i] = atomic_load_explicit(&b->shared->op_cnt[i],
						 memory_order_relaxed);
}

int measure_drain(struct bench *b, uint64_t *at)
{
	struct control_request req = { .verb = CONTROL_IDLE };
	struct control_reply rep;
	struct statfs sfs;
	int err;

	if (b->theirs)
		return theirs_drain(b, at);
	err = control_ask(b->fs.control, &req, &rep);
	if (!err && statfs(b->mp.path, &sfs))
		err = -errno;
	if (err)
		return bench_fail(b, err, "the file system's daemon went away");
	*at = rep.at;
	return 0;
}

/*
 * Nothing tells when a kernel worker that frees inodes on its own is done, but
 * each of them is worth a FORGET.  It has stopped if none comes for so long.
 */
#define FREE_IDLE_NS 120000000000ULL

static int await_forgets(struct bench *b, uint64_t cnt)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	struct pulse pulse = { .idle_ns = FREE_IDLE_NS };
	uint64_t before = b->mark.op_cnt[OPCODE_FORGET], got;

	for (;;) {
		got = atomic_load(&b->shared->op_cnt[OPCODE_FORGET]) - before;
		if (got >= cnt)
			return 0;
		if (bench_interrupted)
			return -ECANCELED;
		if (!pulse_beats(&pulse, got, clock_monotonic_ns()))
			return bench_fail(b, -ETIMEDOUT,
					  "the kernel freed %llu of %llu "
					  "inodes on its own",
					  (unsigned long long)got,
					  (unsigned long long)cnt);
		nanosleep(&pause, NULL);
	}
}

/* What the kernel did meanwhile, which must be what the daemon saw. */
static int take_kernel_view(struct bench *b, struct sample *s, enum phase ph)
{
	bool notified = (ph == PHASE_NOTIFY || ph == PHASE_BARE_WRITE) &&
			!b->method->act;
	struct phase_cost *p = &s->phase[ph];
	char why[160];
	int err = kernel_view_read(b->view, &p->kernel);

	if (err)
		return bench_fail(b, err, "the tracer can't be read: %s",
				  strerror(-err));
	kernel_view_subtract(&p->kernel, &b->mark.kernel);
	if (b->theirs) { /* nobody else counts */
		p->op_cnt[OPCODE_LOOKUP] = p->kernel.lookup_cnt;
		p->op_cnt[OPCODE_FORGET] = p->kernel.forget_cnt;
		return 0;
	}
	if (kernel_view_agrees(&p->kernel, p->op_cnt, notified ? s->msg_cnt : 0,
			       notified ? s->msg_error_cnt : 0, why,
			       sizeof(why)))
		return 0;
	return bench_fail(b, -EBADE, "in %s %s", phase_name(ph), why);
}

static uint64_t daemon_cpu_ns(const struct bench *b)
{
	return b->theirs ? theirs_cpu_ns(b->theirs) : cpu_time_of(b->fs.pid);
}

void measure_begin(struct bench *b)
{
	snapshot(b, b->mark.op_cnt);
	if (b->view)
		kernel_view_read(b->view, &b->mark.kernel);
	b->mark.driver_cpu_ns = cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID);
	b->mark.daemon_cpu_ns = daemon_cpu_ns(b);
	b->mark.at = clock_now();
}

static void raise_peak(uint64_t *peak, uint64_t start, uint64_t now)
{
	if (now > start && now - start > *peak)
		*peak = now - start;
}

int measure_end(struct bench *b, struct sample *s, enum phase ph, bool reclaim)
{
	uint64_t end = clock_now(), drained_at = 0, forgets;
	uint64_t driver_ns, daemon_ns;
	struct phase_cost *p = &s->phase[ph];
	uint64_t now[OPCODE_MAX];
	int err = 0;

	p->used = true;
	p->cost = end - b->mark.at;
	driver_ns = cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID);
	daemon_ns = daemon_cpu_ns(b);
	p->driver_cpu_ns = driver_ns - b->mark.driver_cpu_ns;
	p->daemon_cpu_ns = daemon_ns - b->mark.daemon_cpu_ns;
	forgets = b->shared->op_cnt[OPCODE_FORGET];
	if (ph == PHASE_NOTIFY && b->method->frees_later)
		/* the top directory, which goes last, isn't counted there */
		err = await_forgets(b, tree_inode_cnt(&b->tree) + 1);
	if (!err)
		err = measure_drain(b, &drained_at);
	if (err)
		return err;
	snapshot(b, now);
	for (int i = 0; i < OPCODE_MAX; i++)
		p->op_cnt[i] = now[i] - b->mark.op_cnt[i];
	if (!b->theirs)
		p->op_cnt[OPCODE_STATFS]--; /* measure_drain()'s question */
	if (reclaim && !b->theirs) {
		struct phase_cost *rc = &s->phase[PHASE_RECLAIM];

		rc->used = true;
		/* Nothing was late: asking took time, reclaiming didn't. */
		if (now[OPCODE_FORGET] != forgets && drained_at > end) {
			rc->cost += drained_at - end;
			rc->driver_cpu_ns +=
				cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID) -
				driver_ns;
			rc->daemon_cpu_ns += cpu_time_of(b->fs.pid) - daemon_ns;
		}
	}
	if (b->view) {
		err = take_kernel_view(b, s, ph);
		if (err)
			return err;
	}
	raise_peak(&s->mem_peak_bytes, b->mem_start_bytes,
		   hostinfo_mem_used_bytes());
	raise_peak(&s->slab_peak_bytes, b->slab_start_bytes,
		   hostinfo_slab_bytes());
	return 0;
}
