/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_counts.h - what the kernel did in a phase, as a record keeps it.
 */
#ifndef FUSE_EPOCH_RECORD_KERNEL_COUNTS_H
#define FUSE_EPOCH_RECORD_KERNEL_COUNTS_H

#include <stdint.h>

/* By the tracer (run --trace); without it all 0. */
struct kernel_counts {
	/* answers of fuse_dentry_revalidate(), by outcome */
	uint64_t fresh_cnt, relooked_cnt; /* valid: without, after a LOOKUP */
	uint64_t epoch_cnt, gone_cnt, changed_cnt, negative_cnt, bad_cnt;
	uint64_t error_cnt;
	uint64_t rcu_retry_cnt; /* that gave no answer */
	uint64_t lookup_cnt, forget_cnt;
	/* notifications taken, and refused */
	uint64_t inc_epoch_cnt, inval_entry_cnt, inval_inode_cnt;
	uint64_t other_notify_cnt, refused_cnt;
	/* d_invalidate() after an epoch miss, and what died inside */
	uint64_t cascade_cnt, cascade_dentry_cnt, cascade_ns;
	uint64_t detach_cnt; /* submounts */
	uint64_t freed_cnt,
		torn_cnt; /* dentries: all, those never found stale */
	uint64_t lost_cnt; /* what the tracer knows that it missed */
};

#endif
