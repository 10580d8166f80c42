/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a file system.  The kernel gives its device number to the next
 * one, so what was counted is put aside, and the counters begin anew.
 */
#ifndef RETIRE_BPF_H
#define RETIRE_BPF_H

/* How often a device number was given back, as far as the tracer saw. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u32);
} generations SEC(".maps");

/* What the tool hasn't taken yet: whole sums, as it may come at any time. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct trace_life);
	__type(value, struct trace_gone);
} gone SEC(".maps");

/* Those that are being summed up. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_RETIRING);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct trace_life);
	__type(value, struct trace_gone);
} retiring SEC(".maps");

/* Adds what a CPU has there, words of 64 bits. */
static __always_inline void add_of_cpu(void *map, const __u32 *key, __u32 cpu,
				       uint64_t *sum, __u32 cnt)
{
	__u64 *part = bpf_map_lookup_percpu_elem(map, key, cpu);
	__u32 i;

	for (i = 0; part && i < cnt; i++)
		sum[i] += part[i];
}

static __always_inline void add_counts(void *map, const __u32 *key, __u32 cpu,
				       struct trace_gone *g)
{
	struct trace_counts *c = bpf_map_lookup_percpu_elem(map, key, cpu);
	__u64 behind_cnt = g->c.behind_max_cnt, ns = g->c.cascade_max_ns;

	add_of_cpu(map, key, cpu, (uint64_t *)&g->c, sizeof(g->c) / 8);
	/* But these are maxima. */
	if (c) {
		g->c.behind_max_cnt = c->behind_max_cnt > behind_cnt
					      ? c->behind_max_cnt
					      : behind_cnt;
		g->c.cascade_max_ns =
			c->cascade_max_ns > ns ? c->cascade_max_ns : ns;
	}
}

static __always_inline void add_hist(void *map, const __u32 *key, __u32 cpu,
				     struct trace_gone *g)
{
	if (with_hist)
		add_of_cpu(map, key, cpu, (uint64_t *)&g->hist,
			   sizeof(g->hist) / 8);
}

/* A mount that ends. */
struct retiree {
	struct trace_life life;
	__u32 slot; /* 0: none */
};

/* Adds what one CPU has counted; 1: there is no such CPU. */
static long sum_up(__u32 cpu, void *ctx)
{
	struct retiree *who = ctx;
	__u32 dev = who->life.dev, direct = dev % TRACE_DIRECT_MINORS;
	struct trace_gone *g = bpf_map_lookup_elem(&retiring, &who->life);
	__u64 *n = bpf_map_lookup_percpu_elem(&hits, &direct, cpu);
	__u32 slot = who->slot;

	if (!n || !g)
		return 1;
	if (dev == direct)
		g->hit_cnt += *n;
	add_of_cpu(&high_hits, &dev, cpu, &g->hit_cnt, 1);
	add_counts(&counts, &dev, cpu, g);
	add_hist(&hists, &dev, cpu, g);
	if (slot) {
		add_counts(&slot_counts, &slot, cpu, g);
		add_hist(&slot_hists, &slot, cpu, g);
	}
	if (with_spreads)
		add_of_cpu(&spreads, &dev, cpu, (uint64_t *)&g->spreads,
			   sizeof(g->spreads) / 8);
	return 0;
}

/* In arrays nothing can be deleted.  1: there is no such CPU. */
static long clear_arrays(__u32 cpu, void *ctx)
{
	struct retiree *who = ctx;
	__u32 dev = who->life.dev, slot = who->slot;
	__u64 *n = bpf_map_lookup_percpu_elem(&hits, &dev, cpu);
	struct trace_counts *c;
	struct trace_hist *h;

	if (!n)
		return 1;
	*n = 0;
	if (!slot)
		return 0;
	c = bpf_map_lookup_percpu_elem(&slot_counts, &slot, cpu);
	if (c)
		__builtin_memset(c, 0, sizeof(*c));
	h = bpf_map_lookup_percpu_elem(&slot_hists, &slot, cpu);
	for (__u32 i = 0; with_hist && h && i < sizeof(*h) / 8; i++)
		((__u64 *)h)[i] = 0;
	return 0;
}

static __always_inline void put_aside(struct retiree *who)
{
	static const struct trace_gone none;
	struct trace_life *life = &who->life;
	struct trace_gone *g;

	bpf_map_update_elem(&retiring, life, &none, BPF_ANY);
	bpf_loop(TRACE_MAX_CPUS, sum_up, who, 0);
	g = bpf_map_lookup_elem(&retiring, life);
	if (!g || bpf_map_update_elem(&gone, life, g, BPF_ANY))
		count_lost(TRACE_LOST_COUNTS);
	bpf_map_delete_elem(&retiring, life);
}

static __noinline int retire(__u32 dev)
{
	__u32 *generation = bpf_map_lookup_elem(&generations, &dev), next = 1;
	__u32 *slot = bpf_map_lookup_elem(&slots, &dev);
	struct retiree who = { .life.dev = dev, .slot = slot ? *slot : 0 };

	/*
	 * In this order, since the tool reads meanwhile: generations, then the
	 * counters, then what is put aside, which counts if there are both.
	 */
	if (generation)
		who.life.generation = *generation;
	put_aside(&who);
	if (dev < TRACE_DIRECT_MINORS)
		bpf_loop(TRACE_MAX_CPUS, clear_arrays, &who, 0);
	bpf_map_delete_elem(&high_hits, &dev);
	bpf_map_delete_elem(&counts, &dev);
	bpf_map_delete_elem(&hists, &dev);
	bpf_map_delete_elem(&spreads, &dev);
	if (generation)
		*generation += 1;
	else if (bpf_map_update_elem(&generations, &dev, &next, BPF_NOEXIST))
		count_lost(TRACE_LOST_COUNTS);
	return 0;
}

/* After the last dentry and inode, before the number is given back. */
static __always_inline int on_fexit_generic_shutdown_super(__u64 *ctx)
{
	struct super_block *sb = (struct super_block *)ctx[0];
	__u32 dev = sb->s_dev;

	if (sb->s_magic != FUSE_SUPER_MAGIC)
		return 0;
	bpf_map_delete_elem(&conns, &dev);
	if (with_counts)
		retire(dev);
	return 0;
}
PROGRAM(fexit, generic_shutdown_super, fexit_generic_shutdown_super);

#endif
