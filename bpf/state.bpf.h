/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps and settings, and how the programs get at them. */
#ifndef STATE_BPF_H
#define STATE_BPF_H

/* Set before loading.  What isn't asked for is dead code, and costs nothing. */
const volatile __u32 only_tgid; /* count this process only */
const volatile bool only_comm; /* count processes of this name only */
const volatile char wanted_comm[TRACE_COMM_BYTES];
const volatile bool with_counts;
const volatile bool with_hist;
const volatile bool with_spreads; /* how long what is no hit takes */
const volatile bool with_extras; /* any of those above but with_counts */
const volatile bool with_events;
const volatile __u64 min_ns; /* shorter cascades and notifications: no events */
const volatile bool with_singles; /* events of cascades of one dentry, too */
const volatile bool bumps_only; /* no events of other notifications */
const volatile __u32 only_dev; /* events of this mount only; 0: of all */

__u64 lost[TRACE_LOST_KINDS];

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

/* Dentries that a revalidate found stale, until they are freed. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_STALE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u8);
} found_stale SEC(".maps");

enum lookup_state {
	NO_LOOKUP,
	IN_LOOKUP, /* between entry and exit of fuse_lookup() */
	REPLIED, /* the LOOKUP of a revalidate is answered, its outcome is open */
};

/* What a task is about. */
struct task_state {
	__u32 lookup; /* enum lookup_state */
	/* The reply to the LOOKUP of a revalidate. */
	__s32 error;
	__u64 nodeid;
	__u64 generation;
	__u32 mode;
	bool relooked; /* with_hist */
	__u64 revalidate_ns; /* with_hist: since when */
	/* The last miss, until d_invalidate() of that dentry. */
	__u64 missed;
	__u32 missed_outcome; /* enum trace_outcome */
	__u64 missed_epoch;
	/* d_invalidate() that goes on. */
	__u64 teardown;
	__u64 teardown_ns;
	__u32 teardown_outcome; /* or TRACE_OUTCOMES, if not after a miss */
	__u64 teardown_epoch;
	__u64 dentry_cnt;
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
 * others are busy.  So where kernel code can be preempted each program is there
 * twice: whichever calls the first didn't see are seen by the second, unless
 * tasks were preempted in both.  The first leaves a note for the second, with
 * the task: it may run on another CPU by then.  The kernel runs those first
 * that were attached last.
 */
const volatile bool paired;

/*
 * What the seconds did: calls that neither saw are what the firsts missed,
 * less these.
 */
__u64 ran_again;

struct note {
	__u32 pid;
	__u32 done; /* a bit per program */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TRACE_NOTES);
	__type(key, __u32);
	__type(value, struct note);
} notes SEC(".maps");

static __always_inline void note_done(__u32 bit)
{
	__u32 pid = bpf_get_current_pid_tgid(), key = pid % TRACE_NOTES;
	struct note *note = bpf_map_lookup_elem(&notes, &key);

	if (!note)
		return;
	if (note->pid == pid) {
		note->done |= bit;
	} else {
		note->pid = pid;
		note->done = bit;
	}
}

static __always_inline bool was_done(__u32 bit)
{
	__u32 pid = bpf_get_current_pid_tgid(), key = pid % TRACE_NOTES;
	struct note *note = bpf_map_lookup_elem(&notes, &key);

	if (!note || note->pid != pid || !(note->done & bit))
		return false;
	note->done &= ~bit;
	return true;
}

/* on_NAME(ctx) is what it does. */
#define PROGRAM(kind, function, name) \
	PROGRAM_(kind, function, name, __COUNTER__)
#define PROGRAM_(kind, function, name, number)       \
	SEC(#kind "/" #function)                     \
	int name##_again(__u64 *ctx)                 \
	{                                            \
		if (was_done(1u << (number)))        \
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
			note_done(1u << (number));   \
		return 0;                            \
	}                                            \
	_Static_assert((number) < TRACE_PROGRAMS, "too many for a note")

/*
 * Each counter is written by one program only.  That doesn't run twice at once
 * on a CPU, so that nothing is lost between a load and a store; but two may.
 */
#define ADD(counter, value)                                      \
	do {                                                     \
		if (paired)                                      \
			__sync_fetch_and_add(&(counter), value); \
		else                                             \
			(counter) += (value);                    \
	} while (0)

static __always_inline void count_lost(enum trace_lost kind)
{
	__sync_fetch_and_add(&lost[kind], 1);
}

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

/* The counters of a mount on this CPU, or NULL if there is no room for more. */
static __noinline struct trace_counts *counts_of(__u32 dev)
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

static __always_inline __u32 dentry_dev(struct dentry *dentry)
{
	return BPF_CORE_READ(dentry, d_sb, s_dev);
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
