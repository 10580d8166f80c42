// SPDX-License-Identifier: GPL-2.0-only
#include "cpu_time.h"

#include <dirent.h>
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

static uint64_t of_tree(pid_t pid, unsigned int depth);

static uint64_t of_children(const char *tasks, const char *thread,
			    unsigned int depth)
{
	uint64_t ns = 0;
	char path[300];
	pid_t child;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/children", tasks, thread);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &child) == 1)
		ns += of_tree(child, depth + 1);
	if (f)
		fclose(f);
	return ns;
}

/* Any of its threads may have started some. */
static uint64_t of_tree(pid_t pid, unsigned int depth)
{
	uint64_t ns = cpu_time_of(pid);
	char tasks[32];
	struct dirent *e;
	DIR *dir;

	snprintf(tasks, sizeof(tasks), "/proc/%d/task", pid);
	dir = depth < DEPTH_MAX ? opendir(tasks) : NULL;
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			ns += of_children(tasks, e->d_name, depth);
	if (dir)
		closedir(dir);
	return ns;
}

uint64_t cpu_time_of_tree(pid_t pid)
{
	return of_tree(pid, 0);
}
