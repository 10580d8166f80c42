/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * process_stat.h - what /proc/PID/stat says of a process.
 */
#ifndef FUSE_EPOCH_PROCESS_STAT_H
#define FUSE_EPOCH_PROCESS_STAT_H

#include <stdbool.h>
#include <sys/types.h>

/* Numbers of fields in proc(5). */
enum {
	PROCESS_STATE = 3, /* a letter */
	PROCESS_PARENT = 4,
	PROCESS_START_TICKS = 22, /* clock ticks since boot */
	PROCESS_PENDING = 31, /* signals of its first thread; bit 0: number 1 */
};

/* A number, or the letter of the state; 0: no such process, or it can't be known. */
unsigned long long process_stat(pid_t pid, unsigned int field);

/*
 * Does any of its threads still run, or hang?  Then it has its mounts and files;
 * one that only isn't waited for has let go of them.
 */
bool process_lives(pid_t pid);

#endif
