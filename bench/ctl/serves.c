// SPDX-License-Identifier: GPL-2.0-only
#include "serves.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/process_stat.h"

/* In the kernel's functions that read /dev/fuse. */
static bool waits_there(int tasks, const char *tid)
{
	static const char readers[] = "fuse_dev_";
	char path[300], name[64] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/wchan", tid);
	fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof(name) - 1) < 0)
		*name = 0;
	close(fd);
	return !strncmp(name, readers, strlen(readers));
}

static bool waits_for_requests(pid_t pid)
{
	bool waits = false;
	struct dirent *e;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && !waits && (e = readdir(tasks)))
		waits = e->d_name[0] != '.' &&
			waits_there(dirfd(tasks), e->d_name);
	if (tasks)
		closedir(tasks);
	return waits;
}

/*
 * Who has inherited a descriptor began later, and may serve a file system of its
 * own meanwhile.  It is no longer a child of the other if it became a daemon.
 */
static bool is_older(pid_t pid, pid_t than)
{
	unsigned long long start = process_stat(pid, PROCESS_START_TICKS);
	unsigned long long other = process_stat(than, PROCESS_START_TICKS);

	return start != other ? start < other : pid < than;
}

pid_t ctl_serves(pid_t first, pid_t second)
{
	bool first_waits = waits_for_requests(first);

	if (first_waits != waits_for_requests(second))
		return first_waits ? first : second;
	return is_older(second, first) ? second : first;
}
