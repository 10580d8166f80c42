// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "kernel_view.h"

#include "bpf/attach.h"
#include "bpf/sample.h"

struct kernel_view {
	struct trace *trace;
	uint32_t dev;
};

struct kernel_view *kernel_view_open(char *why, size_t len)
{
	static const struct trace_options options = { .counts = true };
	struct kernel_view *v = calloc(1, sizeof(*v));

	if (!v) {
		snprintf(why, len, "no memory");
		return NULL;
	}
	v->trace = trace_open(&options, why, len);
	if (v->trace)
		return v;
	free(v);
	return NULL;
}

void kernel_view_close(struct kernel_view *v)
{
	if (!v)
		return;
	trace_close(v->trace);
	free(v);
}

int kernel_view_aim(struct kernel_view *v, const char *path)
{
	struct statx stx;

	/* As cached: no request, which would be counted. */
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, 0, &stx))
		return -errno;
	/* As the kernel has it. */
	v->dev = stx.stx_dev_major << 20 | stx.stx_dev_minor;
	return 0;
}

int kernel_view_read(struct kernel_view *v, struct kernel_counts *now)
{
	struct sample_mount m;
	int err = sample_read_mount(v->trace, v->dev, &m);

	*now = (struct kernel_counts){
		.fresh_cnt = m.c.outcome_cnt[TRACE_FRESH],
		.relooked_cnt = m.c.outcome_cnt[TRACE_RELOOKED],
		.epoch_cnt = m.c.outcome_cnt[TRACE_EPOCH],
		.gone_cnt = m.c.outcome_cnt[TRACE_GONE],
		.changed_cnt = m.c.outcome_cnt[TRACE_CHANGED],
		.negative_cnt = m.c.outcome_cnt[TRACE_NEGATIVE],
		.bad_cnt = m.c.outcome_cnt[TRACE_BAD],
		.error_cnt = m.c.outcome_cnt[TRACE_ERROR],
		.rcu_retry_cnt = m.c.rcu_retry_cnt,
		.lookup_cnt = m.c.lookup_cnt,
		.forget_cnt = m.c.forget_cnt,
		.inc_epoch_cnt = m.c.notify_cnt[TRACE_NOTIFY_INC_EPOCH],
		.inval_entry_cnt = m.c.notify_cnt[TRACE_NOTIFY_INVAL_ENTRY],
		.inval_inode_cnt = m.c.notify_cnt[TRACE_NOTIFY_INVAL_INODE],
		.other_notify_cnt = sample_other_notify_cnt(&m),
		.refused_cnt = m.c.notify_failed_cnt,
		.cascade_cnt = m.c.cascade_cnt,
		.cascade_dentry_cnt = m.c.cascade_dentry_cnt,
		.cascade_ns = m.c.cascade_ns,
		.detach_cnt = m.c.detach_cnt,
		.freed_cnt = m.c.freed_cnt,
		.torn_cnt = m.c.torn_cnt,
		.lost_cnt = trace_missed(v->trace) +
			    trace_lost(v->trace, TRACE_LOST_COUNTS) +
			    trace_lost(v->trace, TRACE_LOST_STATE),
	};
	return err;
}

void kernel_view_add(struct kernel_counts *to, const struct kernel_counts *what)
{
	const uint64_t *w = (const uint64_t *)what;
	uint64_t *t = (uint64_t *)to;

	for (size_t i = 0; i < sizeof(*to) / sizeof(*t); i++)
		t[i] += w[i];
}

void kernel_view_subtract(struct kernel_counts *now,
			  const struct kernel_counts *before)
{
	const uint64_t *b = (const uint64_t *)before;
	uint64_t *n = (uint64_t *)now;

	/* One that was still on its way may be less than it was. */
	for (size_t i = 0; i < sizeof(*now) / sizeof(*n); i++)
		n[i] = n[i] > b[i] ? n[i] - b[i] : 0;
}

bool kernel_view_agrees(const struct kernel_counts *k,
			const uint64_t op_cnt[OPCODE_MAX], uint64_t msg_cnt,
			uint64_t msg_error_cnt, char *why, size_t len)
{
	const struct {
		const char *what;
		uint64_t kernel, daemon;
	} pairs[] = {
		{ "LOOKUPs", k->lookup_cnt, op_cnt[OPCODE_LOOKUP] },
		{ "FORGETs", k->forget_cnt, op_cnt[OPCODE_FORGET] },
		{ "notifications",
		  k->inc_epoch_cnt + k->inval_entry_cnt + k->inval_inode_cnt +
			  k->other_notify_cnt,
		  msg_cnt - msg_error_cnt },
		{ "refused notifications", k->refused_cnt, msg_error_cnt },
	};

	for (size_t i = 0; !k->lost_cnt && i < sizeof(pairs) / sizeof(*pairs);
	     i++) {
		if (pairs[i].kernel == pairs[i].daemon)
			continue;
		snprintf(why, len,
			 "the tracer saw %llu %s, the daemon counted %llu",
			 (unsigned long long)pairs[i].kernel, pairs[i].what,
			 (unsigned long long)pairs[i].daemon);
		return false;
	}
	return true;
}
