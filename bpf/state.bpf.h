/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings, what tasks are about, events; and what is in arrays by address. */
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

/*
 * Where in an array a pointer goes: Fibonacci hashing, Knuth, TAOCP 3, 6.4.  The
 * verifier allows no arithmetic with pointers but to take their lower half,
 * which is where they differ.
 */
static __always_inline __u32 pointer_slot(__u64 pointer, const __u32 bits)
{
	__u32 low;

	asm("%0 = %1" : "=w"(low) : "w"((__u32)pointer));
	return low * 0x9e3779b1 >> (32 - bits);
}

/* The element of an array of 2^bits where a pointer goes; never NULL, in truth. */
#define POINTER_ELEMENT(map, pointer, bits)             \
	({                                              \
		__u32 at = pointer_slot(pointer, bits); \
		bpf_map_lookup_elem(&(map), &at);       \
	})

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_MOUNTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct trace_conn);
} conns SEC(".maps");

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
