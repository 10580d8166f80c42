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
static __always_inline void find_cause(struct trace_event *e)
{
	struct trace_conn *conn = bpf_map_lookup_elem(&conns, &e->dev);
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
	struct task_state *ts;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	ts = task_state(true);
	if (!ts || ts->teardown)
		return 0;
	ts->teardown = (__u64)dentry;
	ts->teardown_outcome = TRACE_OUTCOMES;
	if (ts->missed == (__u64)dentry) {
		ts->missed = 0;
		ts->teardown_outcome = ts->missed_outcome;
		ts->teardown_epoch = ts->missed_epoch;
	} else if (!with_counts && !ts->notify && has_epochs()) {
		/* Then the hot path isn't traced at all, but this is as good. */
		ts->teardown_epoch = dentry_epoch(dentry);
		if (ts->teardown_epoch < conn_epoch(conn_of(dentry->d_sb)))
			ts->teardown_outcome = TRACE_EPOCH;
	}
	ts->dentry_cnt = 0;
	ts->teardown_ns = bpf_ktime_get_ns();
	return 0;
}
PROGRAM(fentry, d_invalidate, fentry_d_invalidate);

static __always_inline int on_fexit_d_invalidate(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct trace_counts *c;
	struct task_state *ts;
	struct trace_event *e;
	__u64 took_ns;
	__u32 dev;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	ts = task_state(false);
	if (!ts || ts->teardown != (__u64)dentry)
		return 0;
	ts->teardown = 0;
	if (ts->teardown_outcome != TRACE_EPOCH)
		return 0;
	took_ns = bpf_ktime_get_ns() - ts->teardown_ns;
	dev = dentry->d_sb->s_dev;
	c = counts_of(dev);
	if (c) {
		ADD(c->cascade_cnt, 1);
		ADD(c->cascade_ns, took_ns);
		if (took_ns > c->cascade_max_ns)
			c->cascade_max_ns = took_ns;
		ADD(c->cascade_dentry_cnt, ts->dentry_cnt);
	}
	if (with_spreads) {
		spread_add(dev, TRACE_STALL, took_ns);
		spread_add(dev, TRACE_DIED, ts->dentry_cnt);
	}
	/* A stale dentry with nothing below is a mere miss. */
	if (!with_events || took_ns < min_ns ||
	    (!ts->dentry_cnt && !with_singles))
		return 0;
	if (only_dev && dev != only_dev)
		return 0;
	e = event_new(TRACE_EVENT_CASCADE, dev, sizeof(*e));
	if (!e)
		return 0;
	e->took_ns = took_ns;
	e->dentry_cnt = ts->dentry_cnt;
	e->dentry_epoch = ts->teardown_epoch;
	e->epoch = conn_epoch(conn_of(dentry->d_sb));
	find_cause(e);
	event_path(e, dentry);
	bpf_ringbuf_submit(e, 0);
	return 0;
}
PROGRAM(fexit, d_invalidate, fexit_d_invalidate);

/* Of any file system; what isn't FUSE's leaves at once. */
static __always_inline int on_fentry_dentry_free(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	__u64 key = (__u64)dentry, stamp;
	struct trace_counts *c;
	struct task_state *ts;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC)
		return 0;
	/* Whoever frees it: the address may come back as another. */
	bool known = !bpf_map_delete_elem(&found_stale, &key);

	if (!is_wanted_task())
		return 0;
	c = counts_of(dentry->d_sb->s_dev);
	if (!c)
		return 0;
	ADD(c->freed_cnt, 1);
	/* Roots and what never became valid have no epoch. */
	if (has_epochs() && !known && dentry->d_parent != dentry) {
		stamp = dentry_epoch(dentry);
		if (stamp && stamp < conn_epoch(conn_of(dentry->d_sb)))
			ADD(c->torn_cnt, 1);
	}
	ts = task_state(false);
	if (ts && ts->teardown && ts->teardown != key)
		ts->dentry_cnt++;
	return 0;
}
PROGRAM(fentry, dentry_free, fentry_dentry_free);

static __always_inline int on_fentry___detach_mounts(__u64 *ctx)
{
	struct dentry *dentry = (struct dentry *)ctx[0];
	struct trace_counts *c;
	struct task_state *ts;
	struct trace_event *e;
	__u32 dev;

	if (dentry->d_sb->s_magic != FUSE_SUPER_MAGIC || !is_wanted_task())
		return 0;
	ts = task_state(false);
	if (!ts || !ts->teardown || ts->teardown_outcome != TRACE_EPOCH)
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
	e->dentry_epoch = ts->teardown_epoch;
	find_cause(e);
	event_path(e, dentry);
	bpf_ringbuf_submit(e, 0);
	return 0;
}
PROGRAM(fentry, __detach_mounts, fentry___detach_mounts);

#endif
