// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tracer.h"

/* An attached program is a link, which lives as long as a descriptor of it. */
static bool is_link(const char *fdinfo)
{
	FILE *f = fopen(fdinfo, "re");
	bool found = false;
	char line[128];

	/* Not those of cgroups, networks, ...: they see nothing of ours. */
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strcmp(line, "link_type:\ttracing\n") ||
			!strcmp(line, "link_type:\tperf\n") ||
			!strcmp(line, "link_type:\traw_tracepoint\n") ||
			!strcmp(line, "link_type:\tkprobe_multi\n");
	if (f)
		fclose(f);
	return found;
}

static bool has_links(const char *pid)
{
	bool found = false;
	struct dirent *d;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.16s/fdinfo", pid);
	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.16s/fdinfo/%.16s", pid,
			 d->d_name);
		found = is_link(path);
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
