/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_view.h - what the kernel did for one mount, as the tracer's programs
 * saw it: the other side of what the daemon counts.
 *
 * Nothing else here knows bpf/.
 */
#ifndef FUSE_EPOCH_RUN_KERNEL_VIEW_H
#define FUSE_EPOCH_RUN_KERNEL_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/record/kernel_counts.h"
#include "bench/lib/opcode.h"

struct kernel_view;

/* Attaches; NULL on failure, and then *why says what is missing. */
struct kernel_view *kernel_view_open(char *why, size_t len);
void kernel_view_close(struct kernel_view *v);

/* From now on it is about what is mounted at this path.  0 or -errno. */
int kernel_view_aim(struct kernel_view *v, const char *path);

/* All that was counted so far.  0 or -errno. */
int kernel_view_read(struct kernel_view *v, struct kernel_counts *now);

/* For sums. */
void kernel_view_add(struct kernel_counts *to,
		     const struct kernel_counts *what);
/* What came in between. */
void kernel_view_subtract(struct kernel_counts *now,
			  const struct kernel_counts *before);

/*
 * Does the daemon say the same of a phase: LOOKUPs, nodes forgotten, messages
 * taken and refused?  If not, why says what differs.  Where the tracer itself
 * knows that it missed something there is nothing to compare: true.
 */
bool kernel_view_agrees(const struct kernel_counts *k,
			const uint64_t op_cnt[OPCODE_MAX], uint64_t msg_cnt,
			uint64_t msg_error_cnt, char *why, size_t len);

#endif
