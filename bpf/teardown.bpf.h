/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a miss sets off: d_invalidate() tears down all that is cached below, in
 * the process that happened to walk there, and detaches what is mounted there.
 */
#ifndef TEARDOWN_BPF_H
#define TEARDOWN_BPF_H

/* The names from a dentry up to, not including, the root of its mount. */
static __always_inline void event_path(struct trace_event *e,
				       struct dentry *dentry)
{
	struct dentry *parent;
	int i;

	for (i = 0; i < TRACE_PATH_DEPTH; i++) {
		parent = BPF_CORE_READ(dentry, d_parent);
		if (!parent || parent == dentry)
			return;
		bpf_probe_read_kernel_str(e->names[i], sizeof(e->names[i]),
					  BPF_CORE_READ(dentry, d_name.name));
		e->depth = i + 1;
		dentry = parent;
	}
	parent = BPF_CORE_READ(dentry, d_parent);
	e->cut = parent && parent != dentry;
}

/* The bump that made a dentry stale: the first after its epoch. */
static __always_inline void find_cause(struct trace_event *e, __u32 dev)
{
	struct trace_conn *conn = bpf_map_lookup_elem(&conns, &dev);
	struct trace_bump *bump;
	int i;

	if (!conn)
		return;
	for (i = 0; i < TRACE_BUMPS; i++) {
		bump = &conn->bumps[i];
		if (bump->ns && bump->epoch > e->dentry_epoch &&
		    (!e->cause.ns || bump->epoch < e->cause.epoch))
			e->cause = *bump;
	}
	/* An older one was the cause if the ring doesn't reach back to it. */
	if (e->cause.epoch > e->dentry_epoch + 1)
		__builtin_memset(&e->cause, 0, sizeof(e->cause));
}

static __always_inline int on_fentry_d_invalidate(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct super_block *sb = dentry->d_sb;
	struct task_state *ts;
	struct teardown *t;

	if (sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	ts = task_state(false);
	/* Left over only if the end of a revalidate wasn't seen. */
	if (ts)
		ts->lookup = NO_LOOKUP;
	t = teardown_begin((__u64)dentry);
	if (!t)
		return 0;
	t->sb = (__u64)sb;
	t->outcome = TRACE_OUTCOMES;
	if (ts && ts->missed == (__u64)dentry) {
		ts->missed = 0;
		t->outcome = ts->missed_outcome;
		t->dentry_epoch = ts->missed_epoch;
		t->epoch = ts->missed_conn_epoch;
	} else if (has_epochs()) {
		t->dentry_epoch = dentry_epoch(dentry);
		t->epoch = conn_epoch(conn_of(sb));
		/* Its miss wasn't traced, or wasn't seen; this is as good. */
		if ((!with_counts || paired) && !(ts && ts->notify) &&
		    t->dentry_epoch < t->epoch)
			t->outcome = TRACE_EPOCH;
	}
	t->ns = bpf_ktime_get_ns();
	return 0;
}
PROGRAM(fentry, d_invalidate, fentry_d_invalidate);

static __always_inline int cascaded(struct dentry *dentry, struct teardown *t,
				    __u32 dev, struct trace_counts *c)
{
	__u64 took_ns = bpf_ktime_get_ns() - t->ns;
	bool atomic = paired;
	struct trace_event *e;

	if (c) {
		ADD_IF(atomic, c->cascade_cnt, 1);
		ADD_IF(atomic, c->cascade_ns, took_ns);
		ADD_IF(atomic, c->cascade_dentry_cnt, t->dentry_cnt);
		if (took_ns > c->cascade_max_ns)
			c->cascade_max_ns = took_ns;
	}
	if (with_spreads) {
		spread_add(dev, TRACE_STALL, took_ns);
		spread_add(dev, TRACE_DIED, t->dentry_cnt);
	}
	/* A stale dentry with nothing below is a mere miss. */
	if (!with_events || took_ns < min_ns ||
	    (!t->dentry_cnt && !with_singles))
		return 0;
	if (only_dev && dev != only_dev)
		return 0;
	e = event_new(TRACE_EVENT_CASCADE, dev, sizeof(*e));
	if (!e)
		return 0;
	e->took_ns = took_ns;
	e->dentry_cnt = t->dentry_cnt;
	e->dentry_epoch = t->dentry_epoch;
	e->epoch = conn_epoch(conn_of(dentry->d_sb));
	find_cause(e, dev);
	event_path(e, dentry);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __always_inline int on_fexit_d_invalidate(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct trace_counts *c;
	struct teardown *t;
	__u32 dev;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	t = teardown_of_task();
	if (!t || t->dentry != (__u64)dentry)
		return 0;
	dev = dentry->d_sb->s_dev;
	c = counts_of(dev);
	if (c) { /* when all have died */
		ADD(c->freed_cnt, t->freed_cnt);
		if (t->torn_cnt)
			ADD(c->torn_cnt, t->torn_cnt);
	}
	if (t->outcome == TRACE_EPOCH)
		cascaded(dentry, t, dev, c);
	teardown_end(t);
	return 0;
}
PROGRAM(fexit, d_invalidate, fexit_d_invalidate);

/* Not in a teardown: memory is short, or the file system goes. */
static __noinline int freed_elsewhere(struct dentry *dentry, bool torn)
{
	struct trace_counts *c;

	if (!is_wanted_task())
		return 0;
	c = counts_of(dentry->d_sb->s_dev);
	if (!c)
		return 0;
	ADD(c->freed_cnt, 1);
	if (torn && dentry_epoch(dentry) < conn_epoch(conn_of(dentry->d_sb)))
		ADD(c->torn_cnt, 1);
	return 0;
}

/* Of any file system; what isn't FUSE's leaves at once. */
static __always_inline int on_fentry_dentry_free(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct super_block *sb = dentry->d_sb;
	struct teardown *t;
	bool torn;

	if (sb->s_magic != FUSE_SUPER_MAGIC)
		return 0;
	/*
	 * If it is stale: nobody found that before.  Whoever frees it: the
	 * address may come back as another.  Roots and what never became valid
	 * have no epoch.
	 */
	torn = has_epochs() && !found_stale_take((__u64)dentry) &&
	       dentry->d_parent != dentry && dentry_epoch(dentry);
	t = teardown_of_task();
	if (!t || t->sb != (__u64)sb)
		return freed_elsewhere(dentry, torn);
	t->freed_cnt++;
	t->dentry_cnt += t->dentry != (__u64)dentry;
	if (torn && dentry_epoch(dentry) < t->epoch)
		t->torn_cnt++;
	return 0;
}
PROGRAM(fentry, dentry_free, fentry_dentry_free);

static __always_inline int on_fentry___detach_mounts(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct trace_counts *c;
	struct trace_event *e;
	struct teardown *t;
	__u32 dev;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	t = teardown_of_task();
	if (!t || t->outcome != TRACE_EPOCH)
		return 0;
	dev = dentry->d_sb->s_dev;
	c = counts_of(dev);
	if (c)
		ADD(c->detach_cnt, 1);
	if (!with_events || (only_dev && dev != only_dev))
		return 0;
	e = event_new(TRACE_EVENT_DETACH, dev, sizeof(*e));
	if (!e)
		return 0;
	e->epoch = conn_epoch(conn_of(dentry->d_sb));
	e->dentry_epoch = t->dentry_epoch;
	find_cause(e, dev);
	event_path(e, dentry);
	bpf_ringbuf_submit(e, 0);
	return 0;
}
PROGRAM(fentry, __detach_mounts, fentry___detach_mounts);

#endif
