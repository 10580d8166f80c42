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
		(*n)++;
	else if (bpf_map_update_elem(&high_hits, &dev, &one, BPF_NOEXIST))
		count_lost(TRACE_LOST_COUNTS);
	return 0;
}

static __always_inline enum trace_outcome
why_missed(struct dentry *entry, struct task_state *ts, int ret, __u64 behind)
{
	struct inode *inode = entry->d_inode;
	struct fuse_inode *fi = (void *)inode;

	if (ts->lookup == REPLIED) {
		ts->lookup = NO_LOOKUP;
		if (ts->error == -ENOENT)
			return TRACE_GONE;
		if (ts->error || ret < 0)
			return TRACE_ERROR;
		if (!inode || ts->nodeid != BPF_CORE_READ(fi, nodeid) ||
		    (ts->mode ^ inode->i_mode) & S_TYPE ||
		    ts->generation != inode->i_generation)
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

static __noinline struct trace_hist *hist_without_slot(__u32 dev)
{
	static const struct trace_hist none;
	struct trace_hist *h = bpf_map_lookup_elem(&hists, &dev);

	if (h)
		return h;
	bpf_map_update_elem(&hists, &dev, &none, BPF_NOEXIST);
	h = bpf_map_lookup_elem(&hists, &dev);
	if (!h)
		count_lost(TRACE_LOST_COUNTS);
	return h;
}

static const __u8 log2_of_byte[256] = {
	[2 ... 3] = 1,	 [4 ... 7] = 2,	   [8 ... 15] = 3,    [16 ... 31] = 4,
	[32 ... 63] = 5, [64 ... 127] = 6, [128 ... 255] = 7,
};

/* log2, rounded down; of 0: 0.  Short for what is short. */
static __always_inline __u32 slot_of_ns(__u64 ns)
{
	__u32 slot = 0;

	if (ns >> TRACE_SLOTS)
		return TRACE_SLOTS - 1;
	for (; ns >> 8; ns >>= 8)
		slot += 8;
	barrier_var(ns); /* or the verifier doesn't see the bound */
	return slot + log2_of_byte[ns & 255];
}

/* When revalidates began.  One that finds another there goes to its task. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_LOOKUP_BITS);
	__type(key, __u32);
	__type(value, struct began);
} begun SEC(".maps");

static __always_inline struct began *began_elsewhere(bool create)
{
	struct task_state *ts = task_state(create);

	if (!ts)
		return NULL;
	barrier_var(ts); /* or the verifier sees arithmetic before the test */
	return &ts->began;
}

static __always_inline struct began *began_new(void)
{
	__u64 task = bpf_get_current_task(), before;
	struct began *b = POINTER_ELEMENT(begun, task, TRACE_LOOKUP_BITS);

	if (b) {
		before = __sync_val_compare_and_swap(&b->task, 0, task);
		if (!before || before == task)
			return b;
	}
	return began_elsewhere(true);
}

static __always_inline struct began *began_of_task(void)
{
	__u64 task = bpf_get_current_task();
	struct began *b = POINTER_ELEMENT(begun, task, TRACE_LOOKUP_BITS);

	return b && b->task == task ? b : began_elsewhere(false);
}

/* It begins anew. */
static __always_inline void began_drop(void)
{
	struct began *b = began_of_task();

	if (b)
		b->ns = b->task = 0;
}

/* False if its beginning wasn't seen; else a hit is counted by this. */
static __always_inline bool count_hist(__u32 dev, enum trace_outcome outcome)
{
	struct began *b = began_of_task();
	__u32 *place = slot_of(dev), slot;
	struct trace_hist *h;
	__u64 ns, took_ns;

	h = place ? bpf_map_lookup_elem(&slot_hists, place)
		  : hist_without_slot(dev);
	if (!h || !b || !b->ns)
		return false;
	ns = b->ns;
	b->ns = 0;
	b->task = 0;
	if (ns & RELOOKED) {
		ns &= ~RELOOKED;
		if (outcome == TRACE_FRESH)
			outcome = TRACE_RELOOKED;
	}
	took_ns = bpf_ktime_get_ns() - ns;
	slot = slot_of_ns(took_ns);
	barrier_var(slot); /* or the verifier doesn't see the bounds */
	if (outcome < TRACE_OUTCOMES && slot < TRACE_SLOTS) {
		h->sum_ns[outcome] += took_ns;
		h->slots[outcome][slot]++;
	}
	return true;
}

static __noinline int not_a_hit(struct dentry *entry, int ret)
{
	__u64 epoch = 0, stamp = 0, behind = 0, key = (__u64)entry;
	__u32 dev = entry->d_sb->s_dev;
	struct trace_counts *c = counts_of(dev);
	struct task_state *ts = task_state(true);
	enum trace_outcome outcome;

	if (!c || !ts)
		return 0;
	if (ret == -ECHILD) { /* only in an RCU walk, which is left for it */
		c->rcu_retry_cnt++;
		if (with_hist)
			began_drop();
		return 0;
	}
	if (has_epochs()) {
		epoch = conn_epoch(conn_of(entry->d_sb));
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
		c->rcu_retry_cnt++;
		if (with_hist)
			began_drop();
		return 0;
	}
	c->outcome_cnt[outcome]++;
	if (with_hist)
		count_hist(dev, outcome);
	if (ret < 0)
		return 0;
	ts->missed = key;
	ts->missed_outcome = outcome;
	ts->missed_epoch = stamp;
	ts->missed_conn_epoch = epoch;
	if (outcome != TRACE_EPOCH)
		return 0;
	c->behind_cnt += behind;
	if (behind > c->behind_max_cnt)
		c->behind_max_cnt = behind;
	found_stale_add(key);
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
		(*n)++;
	return 0;
}

static __always_inline int revalidated(struct dentry *entry, int ret)
{
	__u32 extras = with_extras;

	if (extras) { /* not asked for, this is all that it costs */
		if (extras & TRACE_ONLY_SOME && !is_wanted_task())
			return 0;
		if (extras & TRACE_HIST && ret == 1 &&
		    count_hist(entry->d_sb->s_dev, TRACE_FRESH))
			return 0;
	}
	return ret == 1 ? count_hit(entry) : not_a_hit(entry, ret);
}

/* Up to 6.13 it is called with (entry, flags). */
static __always_inline int on_fexit_fuse_dentry_revalidate_6_12(__u64 *ctx)
{
	return revalidated((struct dentry *)ctx[0], ctx[2]);
}
PROGRAM_ONCE(fexit, fuse_dentry_revalidate, fexit_fuse_dentry_revalidate_6_12);

/* Since 6.14 (5be1fa8abd7b) with (dir, name, entry, flags). */
static __always_inline int on_fexit_fuse_dentry_revalidate(__u64 *ctx)
{
	return revalidated((struct dentry *)ctx[2], ctx[4]);
}
PROGRAM_ONCE(fexit, fuse_dentry_revalidate, fexit_fuse_dentry_revalidate);

/* For histograms only. */
static __always_inline int on_fentry_fuse_dentry_revalidate(__u64 *ctx)
{
	struct began *b;

	if (!is_wanted_task())
		return 0;
	b = began_new();
	if (b)
		b->ns = bpf_ktime_get_ns();
	return 0;
}
PROGRAM_ONCE(fentry, fuse_dentry_revalidate, fentry_fuse_dentry_revalidate);

#endif
