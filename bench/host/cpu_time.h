/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu_time.h - the CPU time that processes have used, in ns.
 */
#ifndef FUSE_EPOCH_HOST_CPU_TIME_H
#define FUSE_EPOCH_HOST_CPU_TIME_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* Of a clock such as CLOCK_PROCESS_CPUTIME_ID; 0 if there is none. */
uint64_t cpu_time_of_clock(clockid_t clk);

/* Of a process with all its threads; 0 if it has ended. */
uint64_t cpu_time_of(pid_t pid);

/*
 * The same and that of its descendants that live; as /proc lists children, and
 * without them where it doesn't.  It may fall when one of them ends.
 */
uint64_t cpu_time_of_tree(pid_t pid);

#endif
