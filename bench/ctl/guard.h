/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guard.h - ends a connection whose daemon ends while our message waits.
 *
 * A copy of its /dev/fuse keeps a connection alive.  A message that waits in the
 * kernel for what a lookup has locked can't be interrupted, and the lookup waits
 * for the daemon: once the daemon has ended, both would wait for ever, and so
 * would all that use the mount.  The guard is a process without a copy.  It
 * aborts the connection when nobody is left who could answer.
 */
#ifndef FUSE_EPOCH_CTL_GUARD_H
#define FUSE_EPOCH_CTL_GUARD_H

#include <stdint.h>

#include "bench/device/borrow.h"

/*
 * Starts it, and returns a descriptor or -errno.  The process that it is for,
 * and no other, keeps that open: its end is the guard's.
 */
int ctl_guard_start(void);

/* From now on we may hold a copy of this connection's. */
void ctl_guard_tell(int line, uint32_t connection);

/* In the process that started it: waits for its end. */
void ctl_guard_end(void);

/* The same for processes of epochctl whose guards were killed. */
void ctl_guard_sweep(void);

/* As borrow(), and says why there is nothing; then it sweeps, too. */
int ctl_guard_borrow(const struct mount *mount, pid_t only_pid,
		     struct loan *loan);

#endif
