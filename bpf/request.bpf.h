/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests: LOOKUPs, and for whom.  A LOOKUP of fuse_dentry_revalidate() leaves
 * its reply with the task until the outcome is known: either the kernel takes
 * the attributes over, or it wasn't a hit.
 */
#ifndef REQUEST_BPF_H
#define REQUEST_BPF_H

/* "." and ".." are asked for by file handle, never by a path walk. */
static __always_inline bool is_by_handle(struct fuse_args *args)
{
	char name[2] = "";
	unsigned int size;
	const void *value;
	int i;

	/* 7.0 and newer send an empty argument first. */
#pragma unroll
	for (i = 0; i < 3; i++) {
		size = args->in_args[i].size;
		value = args->in_args[i].value;
		if (!value || size < 2)
			continue;
		bpf_probe_read_kernel(name, sizeof(name), value);
		return name[0] == '.' &&
		       (size == 2 || (size == 3 && name[1] == '.'));
	}
	return false;
}

/* Tasks in fuse_lookup(); those that find another there note it in their state. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_LOOKUP_BITS);
	__type(key, __u32);
	__type(value, __u64);
} looking_up SEC(".maps");

__u64 more_looking_up_cnt;

static __always_inline bool is_in_lookup(void)
{
	__u64 task = bpf_get_current_task();
	__u64 *slot = POINTER_ELEMENT(looking_up, task, TRACE_LOOKUP_BITS);
	struct task_state *ts;

	if (slot && *slot == task)
		return true;
	if (!more_looking_up_cnt)
		return false;
	ts = task_state(false);
	return ts && ts->lookup == IN_LOOKUP;
}

static __always_inline int requested(struct fuse_mount *fm,
				     struct fuse_args *args, int ret)
{
	__u64 key = (__u64)args; /* after use as a key it is no pointer */
	struct fuse_entry_out out;
	struct task_state *ts;
	struct trace_counts *c;

	if (args->opcode != FUSE_LOOKUP || !is_wanted_task())
		return 0;
	c = counts_of(fm->fc->dev);
	if (c)
		ADD(c->lookup_cnt, 1);
	if (with_spreads)
		bpf_map_delete_elem(&lookups, &key);
	if (is_in_lookup() || is_by_handle(args))
		return 0;
	ts = task_state(true);
	if (!ts)
		return 0;
	ts->error = ret;
	ts->nodeid = 0;
	/* Replies have the layout of <linux/fuse.h>: no relocation. */
	if (!ret && !bpf_probe_read_kernel(&out, sizeof(out),
					   args->out_args[0].value)) {
		ts->nodeid = out.nodeid;
		ts->generation = out.generation;
		ts->mode = out.attr.mode;
		if (!ts->nodeid)
			ts->error = -ENOENT;
	}
	ts->lookup = REPLIED;
	return 0;
}

static __always_inline int on_fexit___fuse_simple_request(__u64 *ctx)
{
	return requested((struct fuse_mount *)ctx[1],
			 (struct fuse_args *)ctx[2], ctx[3]);
}
PROGRAM(fexit, __fuse_simple_request, fexit___fuse_simple_request);

/* Up to 6.11 (10dc721836c0) it has no id mapping, and another name. */
static __always_inline int on_fexit_fuse_simple_request(__u64 *ctx)
{
	return requested((struct fuse_mount *)ctx[0],
			 (struct fuse_args *)ctx[1], ctx[2]);
}
PROGRAM(fexit, fuse_simple_request, fexit_fuse_simple_request);

static __always_inline int on_fentry_fuse_lookup(__u64 *ctx)
{
	__u64 task = bpf_get_current_task();
	__u64 *slot = POINTER_ELEMENT(looking_up, task, TRACE_LOOKUP_BITS);
	__u64 before;
	struct task_state *ts;

	if (!slot || !is_wanted_task())
		return 0;
	before = __sync_val_compare_and_swap(slot, 0, task);
	if (!before || before == task)
		return 0;
	ts = task_state(true);
	if (ts) {
		ts->lookup = IN_LOOKUP;
		__sync_fetch_and_add(&more_looking_up_cnt, 1);
	}
	return 0;
}
PROGRAM(fentry, fuse_lookup, fentry_fuse_lookup);

static __always_inline int on_fexit_fuse_lookup(__u64 *ctx)
{
	__u64 task = bpf_get_current_task();
	__u64 *slot = POINTER_ELEMENT(looking_up, task, TRACE_LOOKUP_BITS);
	struct task_state *ts;

	if (slot && *slot == task) {
		*slot = 0;
		return 0;
	}
	ts = more_looking_up_cnt ? task_state(false) : NULL;
	if (ts && ts->lookup == IN_LOOKUP) {
		ts->lookup = NO_LOOKUP;
		__sync_fetch_and_add(&more_looking_up_cnt, -1);
	}
	return 0;
}
PROGRAM(fexit, fuse_lookup, fexit_fuse_lookup);

/*
 * Called by a revalidate only when its LOOKUP found what was there before, and
 * by others who have no reply pending.
 */
static __always_inline int on_fentry_fuse_change_attributes(__u64 *ctx)
{
	struct inode *inode = (struct inode *)ctx[0];
	struct task_state *ts = is_in_lookup() ? NULL : task_state(false);
	struct trace_counts *c;
	struct began *b;

	if (!ts || ts->lookup != REPLIED)
		return 0;
	ts->lookup = NO_LOOKUP;
	if (with_hist) {
		b = began_of_task();
		if (b)
			b->ns |= RELOOKED;
	}
	c = counts_of(inode->i_sb->s_dev);
	if (c)
		ADD(c->outcome_cnt[TRACE_RELOOKED], 1);
	return 0;
}
PROGRAM(fentry, fuse_change_attributes, fentry_fuse_change_attributes);

static __always_inline int forgotten(struct fuse_conn *fc)
{
	struct trace_counts *c;

	if (!is_wanted_task())
		return 0;
	c = counts_of(fc->dev);
	if (c)
		ADD(c->forget_cnt, 1);
	return 0;
}

static __always_inline int on_fentry_fuse_queue_forget(__u64 *ctx)
{
	return forgotten((struct fuse_conn *)ctx[0]);
}
PROGRAM(fentry, fuse_queue_forget, fentry_fuse_queue_forget);

/* Its name and its argument since 7.2. */
static __always_inline int on_fentry_fuse_chan_queue_forget(__u64 *ctx)
{
	return forgotten(((struct fuse_chan *)ctx[0])->conn);
}
PROGRAM(fentry, fuse_chan_queue_forget, fentry_fuse_chan_queue_forget);

#endif
