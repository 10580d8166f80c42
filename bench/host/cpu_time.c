// SPDX-License-Identifier: GPL-2.0-only
#include "cpu_time.h"

#include <stdio.h>

/* Whoever makes deeper trees is counted without their leaves. */
#define DEPTH_MAX 32

uint64_t cpu_time_of_clock(clockid_t clk)
{
	struct timespec ts;

	if (clock_gettime(clk, &ts))
		return 0;
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

uint64_t cpu_time_of(pid_t pid)
{
	clockid_t clk;

	return clock_getcpuclockid(pid, &clk) ? 0 : cpu_time_of_clock(clk);
}

static uint64_t of_tree(pid_t pid, unsigned int depth)
{
	uint64_t ns = cpu_time_of(pid);
	char path[64];
	pid_t child;
	FILE *f;

	/* Only those that the first thread has started: ours all do. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = depth < DEPTH_MAX ? fopen(path, "re") : NULL;
	while (f && fscanf(f, "%d", &child) == 1)
		ns += of_tree(child, depth + 1);
	if (f)
		fclose(f);
	return ns;
}

uint64_t cpu_time_of_tree(pid_t pid)
{
	return of_tree(pid, 0);
}
