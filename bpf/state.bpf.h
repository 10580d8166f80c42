/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps and settings, and how the programs get at them. */
#ifndef STATE_BPF_H
#define STATE_BPF_H

/* Set before loading.  What isn't asked for is dead code, and costs nothing. */
const volatile bool only_some; /* not all processes: as the next three say */
const volatile __u32 only_tgid; /* count this process only */
const volatile bool only_comm; /* count processes of this name only */
const volatile char wanted_comm[TRACE_COMM_BYTES];
const volatile bool with_counts;
const volatile bool with_hist;
const volatile bool with_spreads; /* how long what is no hit takes */
const volatile __u32 with_extras; /* TRACE_ONLY_SOME, TRACE_HIST, or both */
const volatile bool with_events;
const volatile __u64 min_ns; /* shorter cascades and notifications: no events */
const volatile bool with_singles; /* events of cascades of one dentry, too */
const volatile bool bumps_only; /* no events of other notifications */
const volatile __u32 only_dev; /* events of this mount only; 0: of all */

__u64 lost[TRACE_LOST_KINDS];

static __always_inline void count_lost(enum trace_lost kind)
{
	__sync_fetch_and_add(&lost[kind], 1);
}

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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_conn);
} conns SEC(".maps");

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

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_NOTIFYING);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_notifying);
} notifying SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, TRACE_RING_BYTES);
} events SEC(".maps");

enum lookup_state {
	NO_LOOKUP,
	IN_LOOKUP, /* between entry and exit of fuse_lookup() */
	REPLIED, /* the LOOKUP of a revalidate is answered, its outcome is open */
};

/* A revalidate, for histograms. */
struct began {
	__u64 task; /* 0: none */
	__u64 ns; /* and RELOOKED, if a LOOKUP has said so */
};

#define RELOOKED (1ull << 63)

/* What a task is about. */
struct task_state {
	__u32 lookup; /* enum lookup_state */
	/* The reply to the LOOKUP of a revalidate. */
	__s32 error;
	__u64 nodeid;
	__u64 generation;
	__u32 mode;
	struct began began; /* if another has its slot */
	/* The last miss, until d_invalidate() of that dentry. */
	__u64 missed;
	__u32 missed_outcome; /* enum trace_outcome */
	__u64 missed_epoch;
	__u64 missed_conn_epoch;
	/* A notification that goes on: enum trace_notify, + 1. */
	__u32 notify;
	__u64 header; /* where it is, if it couldn't be read before */
	__u64 notify_ns; /* since when */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

/*
 * The kernel doesn't run a program on a CPU where a task was preempted in the
 * middle of it (prog->active), until that task goes on: thousands of calls, if
 * others are busy.  So where kernel code can be preempted each program but that
 * of the hot path is there twice: whichever calls the first didn't see are seen
 * by the second, unless tasks were preempted in both.  The first leaves a note
 * for the second, with the task: it may run on another CPU by then.  The kernel
 * runs those first that were attached last.
 */
const volatile bool paired;

/*
 * What the seconds did: calls that neither saw are what the firsts missed,
 * less these.
 */
__u64 ran_again;

/*
 * Where in a table a pointer goes: Fibonacci hashing, Knuth, TAOCP 3, 6.4.  The
 * verifier allows no arithmetic with pointers but to take their lower half,
 * which is where they differ.
 */
static __always_inline __u32 pointer_slot(__u64 pointer, const __u32 bits)
{
	__u32 low;

	asm("%0 = %1" : "=w"(low) : "w"((__u32)pointer));
	return low * 0x9e3779b1 >> (32 - bits);
}

/*
 * The task whose first program is done and whose second isn't yet, plus that
 * program's number: a task is aligned to cache lines.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_NOTE_BITS);
	__type(key, __u32);
	__type(value, __u64);
} notes SEC(".maps");

static __always_inline void note_done(__u64 number)
{
	__u64 mine = bpf_get_current_task() + number, other;
	__u32 key = pointer_slot(mine - number, TRACE_NOTE_BITS);
	__u64 *note = bpf_map_lookup_elem(&notes, &key);

	if (!note)
		return;
	other = __sync_lock_test_and_set(note, mine);
	/* Another's second comes, or came and was skipped. */
	if (other && (other ^ mine) >= TRACE_PROGRAMS)
		count_lost(TRACE_LOST_STATE);
}

static __always_inline bool was_done(__u64 number)
{
	__u64 mine = bpf_get_current_task() + number;
	__u32 key = pointer_slot(mine - number, TRACE_NOTE_BITS);
	__u64 *note = bpf_map_lookup_elem(&notes, &key);

	return note && __sync_val_compare_and_swap(note, mine, 0) == mine;
}

/* on_NAME(ctx) is what it does. */
#define PROGRAM(kind, function, name) \
	PROGRAM_(kind, function, name, __COUNTER__)
#define PROGRAM_(kind, function, name, number)       \
	SEC(#kind "/" #function)                     \
	int name##_again(__u64 *ctx)                 \
	{                                            \
		if (was_done(number))                \
			return 0;                    \
		__sync_fetch_and_add(&ran_again, 1); \
		on_##name(ctx);                      \
		return 0;                            \
	}                                            \
	SEC(#kind "/" #function)                     \
	int name(__u64 *ctx)                         \
	{                                            \
		on_##name(ctx);                      \
		if (paired)                          \
			note_done(number);           \
		return 0;                            \
	}                                            \
	_Static_assert((number) < TRACE_PROGRAMS, "too many for a note")

/*
 * On the hot path a second would cost more than the first.  There the kernel
 * itself counts the calls that weren't seen, of all mounts together.
 */
#define PROGRAM_ONCE(kind, function, name) \
	SEC(#kind "/" #function)           \
	int name(__u64 *ctx)               \
	{                                  \
		return on_##name(ctx);     \
	}

/*
 * Each counter is written by one program only.  That doesn't run twice at once
 * on a CPU, so that nothing is lost between a load and a store; but where it is
 * there twice, two may.
 */
#define ADD(counter, value) ADD_IF(paired, counter, value)
#define ADD_IF(atomic, counter, value)                           \
	do {                                                     \
		if (atomic)                                      \
			__sync_fetch_and_add(&(counter), value); \
		else                                             \
			(counter) += (value);                    \
	} while (0)

static __always_inline struct task_state *task_state(bool create)
{
	struct task_state *ts;

	ts = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), NULL,
				  create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (!ts && create)
		count_lost(TRACE_LOST_STATE);
	return ts;
}

static __always_inline bool is_wanted_task(void)
{
	char comm[TRACE_COMM_BYTES];
	int i;

	if (!only_some)
		return true;
	if (only_tgid && bpf_get_current_pid_tgid() >> 32 != only_tgid)
		return false;
	if (!only_comm)
		return true;
	bpf_get_current_comm(comm, sizeof(comm));
	for (i = 0; i < TRACE_COMM_BYTES; i++) {
		if (comm[i] != wanted_comm[i])
			return false;
		if (!comm[i])
			break;
	}
	return true;
}

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
	for (i = 0; i < TRACE_BOUNDS; i++)
		slot += value > (kind == TRACE_DIED ? cnt_bounds[i]
						    : time_bounds_ns[i]);
	barrier_var(kind); /* or the verifier doesn't see the bounds */
	barrier_var(slot);
	if (kind >= TRACE_SPREADS || slot > TRACE_BOUNDS)
		return 0;
	ADD(s->of[kind].sum, value);
	ADD(s->of[kind].slots[slot], 1);
	return 0;
}

/*
 * Room for an event in the ring, or NULL.  Most have no path and don't take the
 * room for one; names are written, and read, only up to the depth.
 */
#define EVENT_HEAD_BYTES __builtin_offsetof(struct trace_event, names)
static __always_inline struct trace_event *event_new(__u32 kind, __u32 dev,
						     const __u64 bytes)
{
	struct trace_event *e = bpf_ringbuf_reserve(&events, bytes, 0);

	if (!e) {
		count_lost(TRACE_LOST_EVENTS);
		return NULL;
	}
	__builtin_memset(e, 0, EVENT_HEAD_BYTES);
	e->ns = bpf_ktime_get_ns();
	e->kind = kind;
	e->dev = dev;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	return e;
}

#endif
