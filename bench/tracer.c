// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer.h"

/* An attached program is a link, which lives as long as a descriptor of it. */
static bool has_links(const char *pid)
{
	char path[288], target[32];
	bool found = false;
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%.16s/fd/%.16s", pid,
			 d->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		found = !strncmp(target, "anon_inode:bpf_link", 19);
	}
	if (dir)
		closedir(dir);
	return found;
}

void tracer_names(char *buf, size_t len)
{
	DIR *proc = opendir("/proc");
	char path[64], comm[17];
	struct dirent *d;
	size_t used = 0;
	FILE *f;

	buf[0] = '\0';
	while (proc && (d = readdir(proc))) {
		if (!isdigit((unsigned char)d->d_name[0]) ||
		    !has_links(d->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%.16s/comm", d->d_name);
		f = fopen(path, "re");
		if (f && fscanf(f, "%16[^\n]", comm) == 1 && used < len)
			used += (size_t)snprintf(buf + used, len - used, "%s%s",
						 used ? "," : "", comm);
		if (f)
			fclose(f);
	}
	if (proc)
		closedir(proc);
}
