// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "record_schema.h"

const struct field record_fields[] = {
	FIELD(struct record, "run_id", NAME, run_id),
	FIELD(struct record, "case", NAME, case_name),
	FIELD(struct record, "method", NAME, method),
	FIELD(struct record, "guarantee", TEXT, guarantee),
	FIELD(struct record, "shape", NAME, shape),
	FIELD(struct record, "populate", NAME, populate),
	FIELD(struct record, "n", WHOLE, n),
	FIELD(struct record, "threads", WHOLE, threads),
	YOUNG_FIELD(struct record, "traced", WHOLE, traced),
	FIELD(struct record, "clock", NAME, clock_unit),
	FIELD(struct record, "samples", WHOLE, sample_cnt),
	FIELD(struct record, "exit", WHOLE, exit),
	FIELD(struct record, "why", TEXT, why),
	YOUNG_FIELD(struct record, "side", TEXT, side),
	YOUNG_FIELD(struct record, "order_seed", WHOLE, order_seed),
	{ .key = NULL },
};

const struct field host_fields[] = {
	FIELD(struct hostinfo, "kernel", TEXT, kernel),
	FIELD(struct hostinfo, "kernel_version", TEXT, kernel_version),
	FIELD(struct hostinfo, "arch", TEXT, arch),
	FIELD(struct hostinfo, "cpu_model", TEXT, cpu_model),
	FIELD(struct hostinfo, "virt", TEXT, virt),
	YOUNG_FIELD(struct hostinfo, "emulator", TEXT, emulator),
	YOUNG_FIELD(struct hostinfo, "fuse", TEXT, fuse),
	YOUNG_FIELD(struct hostinfo, "name", TEXT, name),
	YOUNG_FIELD(struct hostinfo, "tracer", TEXT, tracer),
	FIELD(struct hostinfo, "libfuse", TEXT, libfuse),
	FIELD(struct hostinfo, "bench", TEXT, bench),
	FIELD(struct hostinfo, "cpus", TEXT, cpus),
	FIELD(struct hostinfo, "fuse_minor", WHOLE, fuse_minor),
	FIELD(struct hostinfo, "cpu_cnt", WHOLE, cpu_cnt),
	FIELD(struct hostinfo, "mem_total_bytes", WHOLE, mem_total_bytes),
	FIELD(struct hostinfo, "mem_available_bytes", WHOLE,
	      mem_available_bytes),
	FIELD(struct hostinfo, "load1", REAL, load1),
	{ .key = NULL },
};

const struct field theirs_fields[] = {
	FIELD(struct record_daemon, "command", NAME, command),
	FIELD(struct record_daemon, "change", TEXT, change),
	FIELD(struct record_daemon, "notify", TEXT, notify),
	FIELD(struct record_daemon, "program", TEXT, program),
	FIELD(struct record_daemon, "library", TEXT, library),
	FIELD(struct record_daemon, "threads", WHOLE, threads),
	FIELD(struct record_daemon, "devices", WHOLE, devices),
	FIELD(struct record_daemon, "listed_cnt", WHOLE, listed_cnt),
	FIELD(struct record_daemon, "listed_of_cnt", WHOLE, listed_of_cnt),
	FIELD(struct record_daemon, "entry_ns", WHOLE, entry_ns),
	FIELD(struct record_daemon, "negative_ns", WHOLE, negative_ns),
	FIELD(struct record_daemon, "changes", WHOLE, changes),
	FIELD(struct record_daemon, "change_ns", WHOLE, change_ns),
	FIELD(struct record_daemon, "watched_ns", WHOLE, watched_ns),
	YOUNG_FIELD(struct record_daemon, "package", TEXT, package),
	ANSWERS_FIELDS(struct record_daemon, answers),
	{ .key = NULL },
};

#define COLUMN(strct, name, member)                            \
	{                                                      \
		.key = name, .offset = offsetof(strct, member) \
	}

#define YOUNG_COLUMN(strct, name, member)                       \
	{                                                       \
		.key = name, .offset = offsetof(strct, member), \
		.optional = true                                \
	}

const struct column_key sample_columns[] = {
	COLUMN(struct sample, "start_ns", start_ns),
	COLUMN(struct sample, "msgs", msg_cnt),
	COLUMN(struct sample, "msg_errors", msg_error_cnt),
	COLUMN(struct sample, "mem_peak_bytes", mem_peak_bytes),
	YOUNG_COLUMN(struct sample, "slab_peak_bytes", slab_peak_bytes),
	COLUMN(struct sample, "daemon_rss_bytes", daemon_rss_bytes),
	YOUNG_COLUMN(struct sample, "daemon_start_bytes", daemon_start_bytes),
	YOUNG_COLUMN(struct sample, "cached_cnt", cached_cnt),
	YOUNG_COLUMN(struct sample, "stale_cnt", stale_cnt),
	YOUNG_COLUMN(struct sample, "unseen_cnt", unseen_cnt),
	YOUNG_COLUMN(struct sample, "seen_cnt", seen_cnt),
	YOUNG_COLUMN(struct sample, "renumbered_cnt", renumbered_cnt),
	YOUNG_COLUMN(struct sample, "tried_bits", tried_bits),
	YOUNG_COLUMN(struct sample, "broken_bits", broken_bits),
	{ .key = NULL },
};

const struct column_key cpu_columns[] = {
	COLUMN(struct phase_cost, "driver_cpu_ns", driver_cpu_ns),
	COLUMN(struct phase_cost, "daemon_cpu_ns", daemon_cpu_ns),
	{ .key = NULL },
};

#define KERNEL(member) COLUMN(struct phase_cost, #member, kernel.member)

const struct column_key kernel_columns[] = {
	KERNEL(fresh_cnt),	  KERNEL(relooked_cnt),
	KERNEL(epoch_cnt),	  KERNEL(gone_cnt),
	KERNEL(changed_cnt),	  KERNEL(negative_cnt),
	KERNEL(bad_cnt),	  KERNEL(error_cnt),
	KERNEL(rcu_retry_cnt),	  KERNEL(lookup_cnt),
	KERNEL(forget_cnt),	  KERNEL(inc_epoch_cnt),
	KERNEL(inval_entry_cnt),  KERNEL(inval_inode_cnt),
	KERNEL(other_notify_cnt), KERNEL(refused_cnt),
	KERNEL(cascade_cnt),	  KERNEL(cascade_dentry_cnt),
	KERNEL(cascade_ns),	  KERNEL(detach_cnt),
	KERNEL(freed_cnt),	  KERNEL(torn_cnt),
	KERNEL(lost_cnt),	  { .key = NULL },
};

static const char *const phase_names[PHASE_MAX] = {
	[PHASE_POPULATE] = "populate",
	[PHASE_WARM_WALK] = "warm_walk",
	[PHASE_NOTIFY] = "notify",
	[PHASE_BARE_WRITE] = "bare_write",
	[PHASE_LIST] = "list",
	[PHASE_FIRST_TOUCH] = "first_touch",
	[PHASE_REWALK] = "rewalk",
	[PHASE_RECLAIM] = "reclaim",
	[PHASE_TOTAL] = "total",
	[PHASE_UMOUNT] = "umount",
	[PHASE_HIT] = "hit",
	[PHASE_MISS] = "miss",
	[PHASE_STALE] = "stale",
};

const char *phase_name(enum phase ph)
{
	return ph < PHASE_MAX ? phase_names[ph] : "?";
}

bool phase_has_kernel(enum phase ph)
{
	return ph != PHASE_RECLAIM && ph != PHASE_UMOUNT;
}

size_t phase_offset(enum phase ph)
{
	return offsetof(struct sample, phase) + ph * sizeof(struct phase_cost);
}

size_t op_offset(enum phase ph, unsigned int op)
{
	return phase_offset(ph) + offsetof(struct phase_cost, op_cnt) +
	       op * sizeof(uint64_t);
}

const char *op_key(unsigned int op, char buf[OP_KEY_LEN])
{
	const char *name = opcode_name(op);

	if (!op || name != opcode_name(0))
		return name;
	snprintf(buf, OP_KEY_LEN, "%u", op);
	return buf;
}
