/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is remembered of dentries that die: which were found stale, and who is
 * tearing down.  Thousands die in one cascade, so both are found by their
 * address in an array; the few that find another there go the long way.
 */
#ifndef STALE_BPF_H
#define STALE_BPF_H

/* Dentries that a revalidate found stale, until they are freed. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_STALE_BITS);
	__type(key, __u32);
	__type(value, __u64);
} found_stale SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_STALE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u8);
} also_stale SEC(".maps");

__u64 also_stale_cnt;

static __noinline int found_stale_add(__u64 dentry)
{
	__u64 *slot = POINTER_ELEMENT(found_stale, dentry, TRACE_STALE_BITS);
	__u64 before;
	__u8 yes = 1;

	if (!slot)
		return 0;
	before = __sync_val_compare_and_swap(slot, 0, dentry);
	if (!before || before == dentry)
		return 0;
	if (!bpf_map_update_elem(&also_stale, &dentry, &yes, BPF_NOEXIST))
		__sync_fetch_and_add(&also_stale_cnt, 1);
	else if (!bpf_map_lookup_elem(&also_stale, &dentry))
		count_lost(TRACE_LOST_STATE);
	return 0;
}

static __noinline bool also_stale_take(__u64 dentry)
{
	if (bpf_map_delete_elem(&also_stale, &dentry))
		return false;
	__sync_fetch_and_add(&also_stale_cnt, -1);
	return true;
}

/* Was it found stale?  Then it is forgotten. */
static __always_inline bool found_stale_take(__u64 dentry)
{
	__u64 *slot = POINTER_ELEMENT(found_stale, dentry, TRACE_STALE_BITS);

	if (slot && *slot == dentry) {
		*slot = 0;
		return true;
	}
	return also_stale_cnt && also_stale_take(dentry);
}

/* A task in d_invalidate(), and what has died there so far. */
struct teardown {
	__u64 task; /* 0: free */
	__u64 sb;
	__u64 dentry; /* that it began with */
	__u64 ns; /* when */
	__u32 outcome; /* enum trace_outcome, TRACE_OUTCOMES if after no miss */
	__u64 dentry_epoch;
	__u64 epoch; /* of the connection, when it began */
	__u64 dentry_cnt; /* dentries that died, but for the first */
	__u64 freed_cnt; /* with the first */
	__u64 torn_cnt;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_TEARDOWN_BITS);
	__type(key, __u32);
	__type(value, struct teardown);
} teardowns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_TEARDOWNS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct teardown);
} more_teardowns SEC(".maps");

__u64 more_teardowns_cnt;

/* That of this task, or NULL. */
static __always_inline struct teardown *teardown_of_task(void)
{
	__u64 task = bpf_get_current_task();
	struct teardown *t =
		POINTER_ELEMENT(teardowns, task, TRACE_TEARDOWN_BITS);

	if (t && t->task == task)
		return t;
	return more_teardowns_cnt ? bpf_map_lookup_elem(&more_teardowns, &task)
				  : NULL;
}

/*
 * A new one, also where one is left over whose end wasn't seen: a task is in no
 * two at once.  NULL if there is no room.
 */
static __always_inline struct teardown *teardown_begin(__u64 dentry)
{
	static const struct teardown none;
	__u64 task = bpf_get_current_task(), before;
	struct teardown *t =
		POINTER_ELEMENT(teardowns, task, TRACE_TEARDOWN_BITS);

	if (!t)
		return NULL;
	before = __sync_val_compare_and_swap(&t->task, 0, task);
	if (before && before != task) {
		if (!bpf_map_update_elem(&more_teardowns, &task, &none,
					 BPF_NOEXIST))
			__sync_fetch_and_add(&more_teardowns_cnt, 1);
		t = bpf_map_lookup_elem(&more_teardowns, &task);
	}
	if (!t) {
		count_lost(TRACE_LOST_STATE);
		return NULL;
	}
	t->dentry = dentry;
	t->dentry_cnt = t->freed_cnt = t->torn_cnt = 0;
	return t;
}

static __always_inline void teardown_end(struct teardown *t)
{
	__u64 task = bpf_get_current_task();

	if (t->task == task)
		t->task = 0;
	else if (!bpf_map_delete_elem(&more_teardowns, &task))
		__sync_fetch_and_add(&more_teardowns_cnt, -1);
}

#endif
