/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of each mount, on each CPU. */
#ifndef COUNTERS_BPF_H
#define COUNTERS_BPF_H

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRACE_DIRECT_MINORS);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u64);
} high_hits SEC(".maps");

/*
 * The first mounts that do anything but hits have a slot of an array, which is
 * found in a few instructions; others are in a hash.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TRACE_DIRECT_MINORS);
	__type(key, __u32);
	__type(value, __u32);
} slots SEC(".maps"); /* by minor; 0: none */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRACE_MOUNT_SLOTS);
	__type(key, __u32);
	__type(value, struct trace_counts);
} slot_counts SEC(".maps");

/* With histograms only: it is made smaller without. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRACE_MOUNT_SLOTS);
	__type(key, __u32);
	__type(value, struct trace_hist);
} slot_hists SEC(".maps");

__u32 last_slot;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_counts);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_hist);
} hists SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_spreads);
} spreads SEC(".maps");

/* Gives a mount a slot, if it can have one. */
static __noinline int slot_new(__u32 dev)
{
	__u32 *slot = bpf_map_lookup_elem(&slots, &dev), next;

	if (!slot || *slot || last_slot >= TRACE_MOUNT_SLOTS - 1)
		return 0;
	next = __sync_add_and_fetch(&last_slot, 1);
	if (next < TRACE_MOUNT_SLOTS)
		__sync_val_compare_and_swap(slot, 0, next);
	return 0;
}

/* The slot of a mount, a key of arrays, or NULL if it has none. */
static __always_inline __u32 *slot_of(__u32 dev)
{
	__u32 *slot = bpf_map_lookup_elem(&slots, &dev);

	if (!slot)
		return NULL;
	if (*slot)
		return slot;
	slot_new(dev);
	return *slot ? slot : NULL;
}

/* The same as counts_of(), for a mount that has no slot. */
static __noinline struct trace_counts *counts_without_slot(__u32 dev)
{
	static const struct trace_counts none;
	struct trace_counts *c = bpf_map_lookup_elem(&counts, &dev);

	if (c)
		return c;
	bpf_map_update_elem(&counts, &dev, &none, BPF_NOEXIST);
	c = bpf_map_lookup_elem(&counts, &dev);
	if (!c)
		count_lost(TRACE_LOST_COUNTS);
	return c;
}

/* The counters of a mount on this CPU, or NULL if there is no room for more. */
static __always_inline struct trace_counts *counts_of(__u32 dev)
{
	__u32 *slot = slot_of(dev);

	return slot ? bpf_map_lookup_elem(&slot_counts, slot)
		    : counts_without_slot(dev);
}

static const __u64 time_bounds_ns[TRACE_BOUNDS] = TRACE_TIME_BOUNDS_NS;
static const __u64 cnt_bounds[TRACE_BOUNDS] = TRACE_CNT_BOUNDS;

/* Into a distribution of that mount.  Never on the way of a hit. */
static __noinline int spread_add(__u32 dev, __u32 kind, __u64 value)
{
	static const struct trace_spreads none;
	struct trace_spreads *s = bpf_map_lookup_elem(&spreads, &dev);
	const __u64 *bounds = time_bounds_ns;
	__u32 slot = 0;
	int i;

	if (!s) {
		bpf_map_update_elem(&spreads, &dev, &none, BPF_NOEXIST);
		s = bpf_map_lookup_elem(&spreads, &dev);
	}
	if (!s) {
		count_lost(TRACE_LOST_COUNTS);
		return 0;
	}
	if (kind == TRACE_DIED)
		bounds = cnt_bounds;
	barrier_var(bounds); /* or it asks again for each */
	/* The sign: the verifier of 6.1 follows each branch, 2^22 ways. */
	for (i = 0; i < TRACE_BOUNDS; i++)
		slot += (bounds[i] - value) >> 63;
	barrier_var(kind); /* or the verifier doesn't see the bounds */
	barrier_var(slot);
	if (kind >= TRACE_SPREADS || slot > TRACE_BOUNDS)
		return 0;
	ADD(s->of[kind].sum, value);
	ADD(s->of[kind].slots[slot], 1);
	return 0;
}

#endif
