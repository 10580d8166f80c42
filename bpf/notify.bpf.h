/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What daemons tell the kernel.  Up to 7.1 fuse_notify() is inlined.  There a
 * notification is a write to the device whose header has no request's number,
 * and we read that header before the kernel takes it away.
 */
#ifndef NOTIFY_BPF_H
#define NOTIFY_BPF_H

static __always_inline void remember_bump(struct fuse_conn *fc, __u32 dev,
					  __u64 epoch)
{
	static const struct trace_conn none;
	struct trace_conn *conn = bpf_map_lookup_elem(&conns, &dev);
	struct trace_bump *bump;
	__u32 slot;

	if (!conn) {
		bpf_map_update_elem(&conns, &dev, &none, BPF_NOEXIST);
		conn = bpf_map_lookup_elem(&conns, &dev);
	}
	if (!conn) {
		count_lost(TRACE_LOST_COUNTS);
		return;
	}
	if (epoch > conn->epoch)
		conn->epoch = epoch;
	slot = __sync_fetch_and_add(&conn->next, 1);
	bump = &conn->bumps[slot % TRACE_BUMPS];
	bump->epoch = epoch;
	bump->ns = bpf_ktime_get_ns();
	bump->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(bump->comm, sizeof(bump->comm));
}

/* What is asked for: how long it takes, also while it goes on. */
static __always_inline bool with_times(void)
{
	return with_spreads || with_events;
}

/* Tasks that notify now: what ends meanwhile may be a notification. */
__u64 notifying_cnt;

static __always_inline struct task_state *notify_begin(struct fuse_conn *fc,
						       __u32 code)
{
	struct trace_notifying now = { .notify = code };
	struct task_state *ts = task_state(true);
	__u64 id = bpf_get_current_pid_tgid();
	__u32 tid = id;

	if (!ts)
		return NULL;
	if (!ts->notify)
		__sync_fetch_and_add(&notifying_cnt, 1);
	ts->notify = code + 1;
	if (!with_times() || !is_mounted(fc))
		return ts;
	now.dev = fc->dev;
	now.ns = ts->notify_ns = bpf_ktime_get_ns();
	now.pid = id >> 32;
	bpf_get_current_comm(now.comm, sizeof(now.comm));
	if (bpf_map_update_elem(&notifying, &tid, &now, BPF_ANY))
		count_lost(TRACE_LOST_STATE);
	return ts;
}

/* Returns how long it took, if that was asked for. */
static __always_inline __u64 notify_end(struct task_state *ts)
{
	__u32 tid = bpf_get_current_pid_tgid();

	ts->notify = 0;
	__sync_fetch_and_add(&notifying_cnt, -1);
	if (!with_times())
		return 0;
	bpf_map_delete_elem(&notifying, &tid);
	return bpf_ktime_get_ns() - ts->notify_ns;
}

static __always_inline int notified(struct fuse_conn *fc, __u32 code, int error,
				    __u64 took_ns)
{
	__u32 dev = fc->dev;
	struct trace_counts *c;
	struct trace_event *e;
	__u64 epoch = 0;

	if (!is_mounted(fc))
		return 0;
	c = counts_of(dev);
	if (code >= TRACE_NOTIFIES)
		code = TRACE_NOTIFY_UNKNOWN;
	if (code == TRACE_NOTIFY_INC_EPOCH && !error) {
		epoch = conn_epoch(fc);
		remember_bump(fc, dev, epoch);
	}
	barrier_var(code); /* or the verifier doesn't see the bound */
	if (c && error)
		ADD(c->notify_failed_cnt, 1);
	else if (c && code < TRACE_NOTIFIES)
		ADD(c->notify_cnt[code], 1);
	if (with_spreads && code < TRACE_NOTIFIES)
		spread_add(dev, TRACE_NOTIFIED + code, took_ns);
	if (!with_events || (!epoch && (bumps_only || took_ns < min_ns)) ||
	    (only_dev && dev != only_dev))
		return 0;
	e = event_new(epoch ? TRACE_EVENT_BUMP : TRACE_EVENT_NOTIFY, dev,
		      EVENT_HEAD_BYTES);
	if (!e)
		return 0;
	e->notify = code;
	e->error = error;
	e->epoch = epoch;
	e->took_ns = took_ns;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* Since 7.2: (fc, code, size, cs). */
static __always_inline int on_fentry_fuse_notify(__u64 *ctx)
{
	notify_begin((struct fuse_conn *)ctx[0], ctx[1]);
	return 0;
}
PROGRAM(fentry, fuse_notify, fentry_fuse_notify);

static __always_inline int on_fexit_fuse_notify(__u64 *ctx)
{
	struct task_state *ts = task_state(false);

	/* One that was there before us has no beginning. */
	return notified((struct fuse_conn *)ctx[0], ctx[1], ctx[4],
			ts && ts->notify ? notify_end(ts) : 0);
}
PROGRAM(fexit, fuse_notify, fexit_fuse_notify);

/*
 * The header of what is written; false if it can't be read: *later is then
 * where to try again when the kernel has had it in memory, or 0.
 */
static __always_inline bool read_header(struct fuse_copy_state *cs,
					struct fuse_out_header *header,
					__u64 *later)
{
	struct pipe_buffer *buffer = cs->pipebufs;
	struct iov_iter *iter = cs->iter;
	__u64 skip, address;
	struct iovec iov;
	__u8 type;

	if (buffer) { /* spliced: in a page of a pipe */
		address = page_address(BPF_CORE_READ(buffer, page));
		if (!address || buffer->len < sizeof(*header))
			return false;
		address += buffer->offset;
		return !bpf_probe_read_kernel(header, sizeof(*header),
					      (void *)address);
	}
	if (!iter)
		return false;
	if (!bpf_core_field_exists(iter->__iov)) {
		*later = old_iter_address(iter, sizeof(*header));
		return *later && !bpf_probe_read_user(header, sizeof(*header),
						      (void *)*later);
	}
	type = iter->iter_type;
	skip = iter->iov_offset;
	if (type == bpf_core_enum_value(enum iter_type, ITER_UBUF)) {
		address = (__u64)iter->ubuf;
		barrier_var(address); /* or it becomes one load with below */
	} else if (type == bpf_core_enum_value(enum iter_type, ITER_IOVEC)) {
		if (bpf_probe_read_kernel(&iov, sizeof(iov), iter->__iov) ||
		    iov.iov_len < skip + sizeof(*header))
			return false;
		address = (__u64)iov.iov_base;
	} else {
		return false;
	}
	*later = address + skip;
	return !bpf_probe_read_user(header, sizeof(*header), (void *)*later);
}

static __always_inline int on_fentry_fuse_dev_do_write(__u64 *ctx)
{
	struct fuse_copy_state *cs = (struct fuse_copy_state *)ctx[1];
	struct fuse_out_header header;
	struct task_state *ts;
	__u64 later = 0;
	__u32 notify;

	if ((__u32)ctx[2] < sizeof(header))
		return 0;
	/* Replies are spliced, too: they would be taken for notifications. */
	if (!READS_PAGES && cs->pipebufs)
		return 0;
	/* A length that is wrong is refused before anybody looks further. */
	if (!read_header(cs, &header, &later))
		notify = TRACE_NOTIFY_UNKNOWN;
	else if (!header.unique && header.len == (__u32)ctx[2])
		notify = header.error;
	else
		return 0;
	ts = notify_begin(conn_of_device((void *)ctx[0]), notify);
	if (ts)
		ts->header = notify == TRACE_NOTIFY_UNKNOWN ? later : 0;
	return 0;
}
PROGRAM(fentry, fuse_dev_do_write, fentry_fuse_dev_do_write);

static __always_inline int on_fexit_fuse_dev_do_write(__u64 *ctx)
{
	struct task_state *ts = notifying_cnt ? task_state(false) : NULL;
	struct fuse_out_header header;
	long ret = ctx[3];
	__u64 took_ns;
	__u32 code;

	if (!ts || !ts->notify)
		return 0;
	code = ts->notify - 1;
	took_ns = notify_end(ts);
	if (ts->header &&
	    !bpf_probe_read_user(&header, sizeof(header), (void *)ts->header)) {
		if (header.unique || header.len != (__u32)ctx[2])
			return 0;
		code = header.error;
	}
	return notified(conn_of_device((void *)ctx[0]), code, ret < 0 ? ret : 0,
			took_ns);
}
PROGRAM(fexit, fuse_dev_do_write, fexit_fuse_dev_do_write);

#endif
