/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long LOOKUPs wait until the daemon reads them, and how long it takes from
 * then on.  For metrics only: it adds to the way of requests, to none of a hit.
 */
#ifndef SERVICE_BPF_H
#define SERVICE_BPF_H

struct lookup_times {
	__u64 queued_ns;
	__u64 sent_ns; /* 0: it waits still */
	__u32 dev;
};

/* By their arguments, which lie on the stack of whoever waits for the reply. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_MAX_LOOKUPS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct fuse_args *);
	__type(value, struct lookup_times);
} lookups SEC(".maps");

static __always_inline int request_queued(struct fuse_mount *fm,
					  struct fuse_args *args)
{
	struct lookup_times t = { .queued_ns = bpf_ktime_get_ns() };

	if (args->opcode != FUSE_LOOKUP || !is_wanted_task())
		return 0;
	t.dev = fm->fc->dev;
	if (bpf_map_update_elem(&lookups, &args, &t, BPF_ANY))
		count_lost(TRACE_LOST_STATE);
	return 0;
}

static __always_inline int on_fentry___fuse_simple_request(__u64 *ctx)
{
	return request_queued((struct fuse_mount *)ctx[1],
			      (struct fuse_args *)ctx[2]);
}
PROGRAM(fentry, __fuse_simple_request, fentry___fuse_simple_request);

/* Up to 6.11 (see request.bpf.h). */
static __always_inline int on_fentry_fuse_simple_request(__u64 *ctx)
{
	return request_queued((struct fuse_mount *)ctx[0],
			      (struct fuse_args *)ctx[1]);
}
PROGRAM(fentry, fuse_simple_request, fentry_fuse_simple_request);

static __always_inline int request_sent(struct fuse_args *args)
{
	struct lookup_times *t = bpf_map_lookup_elem(&lookups, &args);

	if (t)
		t->sent_ns = bpf_ktime_get_ns();
	return 0;
}

/*
 * Since 7.2, also of what goes through io_uring.  Once only: tracepoints run
 * those first that were attached first, so that it couldn't be paired.
 */
SEC("tp_btf/fuse_request_sent")
int tp_fuse_request_sent(__u64 *ctx)
{
	return request_sent(((struct fuse_req *)ctx[0])->args);
}

/*
 * Before that: (cs, numargs, argpages, args, zeroing) copies the arguments to
 * where the daemon reads, or those of a reply, which aren't known here.
 */
static __always_inline int on_fentry_fuse_copy_args(__u64 *ctx)
{
	return request_sent(
		(void *)(ctx[3] - bpf_core_field_offset(
					  ((struct fuse_args *)0)->in_args)));
}
PROGRAM(fentry, fuse_copy_args, fentry_fuse_copy_args);

static __always_inline int on_fentry_fuse_request_end(__u64 *ctx)
{
	struct fuse_req *req = (struct fuse_req *)ctx[0];
	struct fuse_args *args = req->args;
	struct lookup_times *t = bpf_map_lookup_elem(&lookups, &args);

	if (!t || !t->sent_ns)
		return 0;
	spread_add(t->dev, TRACE_QUEUED, t->sent_ns - t->queued_ns);
	spread_add(t->dev, TRACE_SERVED, bpf_ktime_get_ns() - t->sent_ns);
	return 0;
}
PROGRAM(fentry, fuse_request_end, fentry_fuse_request_end);

#endif
