// SPDX-License-Identifier: GPL-2.0-only
#include "mount_holder.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/mount_tables.h"
#include "bench/lib/text.h"

static void describe(pid_t pid, const char *what, char *buf, size_t len)
{
	char path[64], comm[32] = "?", name[96] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	f = fopen(path, "re");
	if (f && fgets(comm, sizeof(comm), f))
		comm[strcspn(comm, "\n")] = 0;
	if (f)
		fclose(f);
	text_append(name, sizeof(name), comm);
	snprintf(buf, len, "process %d (%s) %s", pid, name, what);
}

static bool has_mounted(uint32_t dev, char *buf, size_t len)
{
	struct mount_tables *m = mount_tables_read(false);
	struct mount **all = NULL;
	bool found = false;
	size_t cnt = 0;

	if (m)
		all = mount_tables_fuse(m, &cnt);
	for (size_t i = 0; all && !found && i < cnt; i++) {
		pid_t pid = mount_tables_pid(m, all[i]->ns);

		found = all[i]->dev == dev && all[i]->ns; /* not we */
		if (found && pid)
			describe(pid,
				 "has it mounted in a mount namespace of its "
				 "own",
				 buf, len);
		else if (found)
			snprintf(buf, len,
				 "it is mounted in mount namespace %ju",
				 (uintmax_t)all[i]->ns);
	}
	free(all);
	mount_tables_free(m);
	return found;
}

/* As cached: asks nothing of the daemon. */
static bool is_on(int dir, const char *name, uint32_t dev)
{
	struct statx stx;

	return !statx(dir, name, AT_STATX_DONT_SYNC, 0, &stx) &&
	       (stx.stx_dev_major << 20 | stx.stx_dev_minor) == dev;
}

static bool has_open(const char *pid, uint32_t dev)
{
	char path[64];
	struct dirent *e;
	bool found;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%.20s/cwd", pid);
	if (is_on(AT_FDCWD, path, dev))
		return true;
	snprintf(path, sizeof(path), "/proc/%.20s/root", pid);
	if (is_on(AT_FDCWD, path, dev))
		return true;
	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	fds = opendir(path);
	found = false;
	while (fds && !found && (e = readdir(fds)))
		found = isdigit(e->d_name[0]) &&
			is_on(dirfd(fds), e->d_name, dev);
	if (fds)
		closedir(fds);
	return found;
}

bool mount_holder(uint32_t dev, char *buf, size_t len)
{
	DIR *proc;
	struct dirent *e;
	bool found = has_mounted(dev, buf, len);

	proc = found ? NULL : opendir("/proc");
	while (proc && !found && (e = readdir(proc))) {
		if (!isdigit(e->d_name[0]))
			continue;
		found = has_open(e->d_name, dev);
		if (found)
			describe(atoi(e->d_name),
				 "has a file or directory of it open", buf,
				 len);
	}
	if (proc)
		closedir(proc);
	return found;
}
