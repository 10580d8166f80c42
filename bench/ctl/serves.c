// SPDX-License-Identifier: GPL-2.0-only
#include "serves.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/process_stat.h"

/* A process that ends meanwhile may lead anywhere, but not on for ever. */
enum { DEEPEST = 1000 };

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

static bool descends(pid_t pid, pid_t from)
{
	for (int i = 0; i < DEEPEST && pid > 1; i++) {
		pid = (pid_t)process_stat(pid, PROCESS_PARENT);
		if (pid == from)
			return true;
	}
	return false;
}

pid_t ctl_serves(pid_t first, pid_t second)
{
	bool first_waits = waits_for_requests(first);

	if (first_waits != waits_for_requests(second))
		return first_waits ? first : second;
	return descends(first, second) ? second : first;
}
