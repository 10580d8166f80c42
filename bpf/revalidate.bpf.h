/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuse_dentry_revalidate(): the hot path.  A hit costs one counter.  Whether
 * the hit needed a LOOKUP is counted at the LOOKUP (request.bpf.h).  Why
 * something missed is found out here, and only when it missed.
 */
#ifndef REVALIDATE_BPF_H
#define REVALIDATE_BPF_H

static __noinline int hit_on_high_dev(__u32 dev)
{
	__u64 *n = bpf_map_lookup_elem(&high_hits, &dev), one = 1;

	if (n)
		ADD(*n, 1);
	else if (bpf_map_update_elem(&high_hits, &dev, &one, BPF_NOEXIST))
		count_lost(TRACE_LOST_COUNTS);
	return 0;
}

static __always_inline enum trace_outcome
why_missed(struct dentry *entry, struct task_state *ts, int ret, __u64 behind)
{
	struct inode *inode = BPF_CORE_READ(entry, d_inode);
	struct fuse_inode *fi = (void *)inode;

	if (ts->lookup == REPLIED) {
		ts->lookup = NO_LOOKUP;
		if (ts->error == -ENOENT)
			return TRACE_GONE;
		if (ts->error || ret < 0)
			return TRACE_ERROR;
		if (!inode || ts->nodeid != BPF_CORE_READ(fi, nodeid) ||
		    (ts->mode ^ BPF_CORE_READ(inode, i_mode)) & S_TYPE ||
		    ts->generation != BPF_CORE_READ(inode, i_generation))
			return TRACE_CHANGED;
		return TRACE_ERROR; /* attributes that can't be */
	}
	if (ret < 0)
		return TRACE_ERROR;
	/* In the order in which the kernel asks. */
	if (behind)
		return TRACE_EPOCH;
	if (inode && is_bad_inode(inode))
		return TRACE_BAD;
	return inode ? TRACE_ERROR : TRACE_NEGATIVE;
}

static __always_inline void count_hist(__u32 dev, struct task_state *ts,
				       enum trace_outcome outcome)
{
	static const struct trace_hist none;
	__u64 took_ns = bpf_ktime_get_ns() - ts->revalidate_ns, slot = 0;
	struct trace_hist *h = bpf_map_lookup_elem(&hists, &dev);
	int i;

	if (!h) {
		bpf_map_update_elem(&hists, &dev, &none, BPF_NOEXIST);
		h = bpf_map_lookup_elem(&hists, &dev);
	}
	if (!h || !ts->revalidate_ns) {
		count_lost(TRACE_LOST_COUNTS);
		return;
	}
	ts->revalidate_ns = 0;
	for (i = 0; i < TRACE_SLOTS - 1 && took_ns > 1; i++) {
		took_ns >>= 1;
		slot++;
	}
	slot += outcome * TRACE_SLOTS;
	barrier_var(slot); /* or the verifier doesn't see the bound */
	if (slot < TRACE_OUTCOMES * TRACE_SLOTS)
		ADD(h->slots[0][slot], 1);
}

static __noinline int not_a_hit(struct dentry *entry, int ret)
{
	__u64 epoch, stamp = 0, behind = 0, key = (__u64)entry;
	struct fuse_conn *fc = conn_of(BPF_CORE_READ(entry, d_sb));
	__u32 dev = dentry_dev(entry);
	struct trace_counts *c = counts_of(dev);
	struct task_state *ts = task_state(true);
	enum trace_outcome outcome;
	__u8 yes = 1;

	if (!c || !ts)
		return 0;
	if (ret == -ECHILD) { /* only in an RCU walk, which is left for it */
		ADD(c->rcu_retry_cnt, 1);
		return 0;
	}
	if (has_epochs()) {
		epoch = conn_epoch(fc);
		stamp = dentry_epoch(entry);
		behind = stamp < epoch ? epoch - stamp : 0;
	}
	outcome = why_missed(entry, ts, ret, behind);
	/*
	 * What misses is invalidated by whoever walks.  If it misses again
	 * instead, then this was an RCU walk that couldn't be left in place,
	 * and begins anew.
	 */
	if (ts->missed == key && ts->missed_outcome == outcome) {
		ts->missed = 0;
		ADD(c->rcu_retry_cnt, 1);
		return 0;
	}
	ADD(c->outcome_cnt[outcome], 1);
	if (with_hist)
		count_hist(dev, ts, outcome);
	if (ret < 0)
		return 0;
	ts->missed = key;
	ts->missed_outcome = outcome;
	ts->missed_epoch = stamp;
	if (outcome != TRACE_EPOCH)
		return 0;
	ADD(c->behind_cnt, behind);
	if (behind > c->behind_max_cnt)
		c->behind_max_cnt = behind;
	if (bpf_map_update_elem(&found_stale, &key, &yes, BPF_ANY))
		count_lost(TRACE_LOST_STATE);
	return 0;
}

static __noinline int hit_with_hist(struct dentry *entry)
{
	struct task_state *ts = task_state(true);

	if (ts)
		count_hist(dentry_dev(entry), ts,
			   ts->relooked ? TRACE_RELOOKED : TRACE_FRESH);
	return 0;
}

static __always_inline int count_hit(struct dentry *entry)
{
	__u32 dev = entry->d_sb->s_dev;
	__u64 *n;

	if (dev >= TRACE_DIRECT_MINORS)
		return hit_on_high_dev(dev);
	n = bpf_map_lookup_elem(&hits, &dev);
	if (n)
		ADD(*n, 1);
	return 0;
}

static __always_inline int revalidated(struct dentry *entry, int ret)
{
	/* Not asked for, all this is one instruction or two. */
	if (with_extras) {
		if (!is_wanted_task())
			return 0;
		if (with_hist && ret == 1)
			hit_with_hist(entry);
	}
	return ret == 1 ? count_hit(entry) : not_a_hit(entry, ret);
}

/* Up to 6.13 it is called with (entry, flags). */
static __always_inline int on_fexit_fuse_dentry_revalidate_6_12(__u64 *ctx)
{
	return revalidated((struct dentry *)ctx[0], ctx[2]);
}
PROGRAM(fexit, fuse_dentry_revalidate, fexit_fuse_dentry_revalidate_6_12);

/* Since 6.14 (5be1fa8abd7b) with (dir, name, entry, flags). */
static __always_inline int on_fexit_fuse_dentry_revalidate(__u64 *ctx)
{
	return revalidated((struct dentry *)ctx[2], ctx[4]);
}
PROGRAM(fexit, fuse_dentry_revalidate, fexit_fuse_dentry_revalidate);

/* For histograms only. */
static __always_inline int on_fentry_fuse_dentry_revalidate(__u64 *ctx)
{
	struct task_state *ts;

	if (!is_wanted_task())
		return 0;
	ts = task_state(true);
	if (ts) {
		ts->relooked = false;
		ts->revalidate_ns = bpf_ktime_get_ns();
	}
	return 0;
}
PROGRAM(fentry, fuse_dentry_revalidate, fentry_fuse_dentry_revalidate);

#endif
