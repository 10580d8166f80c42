// SPDX-License-Identifier: GPL-2.0-only
#include "facts.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/device/holders.h"
#include "bench/host/key_file.h"

void facts_library(pid_t pid, char *buf, size_t len)
{
	char path[64], line[4400];
	FILE *f;

	buf[0] = 0;
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	f = fopen(path, "re");
	while (f && !buf[0] && fgets(line, sizeof(line), f)) {
		char *name = strstr(line, "/libfuse");

		if (name && strstr(name, ".so"))
			snprintf(buf, len, "%.*s",
				 (int)strcspn(name + 1, " \n"), name + 1);
	}
	if (f)
		fclose(f);
}

static uint64_t of_status(pid_t pid, const char *key)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return key_file_number(path, key);
}

uint64_t facts_threads(pid_t pid)
{
	return of_status(pid, "Threads");
}

static bool count(const struct holder *h, void *cnt)
{
	(void)h;
	++*(uint64_t *)cnt;
	return true;
}

uint64_t facts_devices(pid_t pid)
{
	struct holder_search s = { .only_pid = pid };
	uint64_t cnt = 0;

	holders_each(&s, count, &cnt);
	return cnt;
}

uint64_t facts_rss_bytes(pid_t pid)
{
	return of_status(pid, "VmRSS") * 1024;
}

uint64_t facts_peak_bytes(pid_t pid)
{
	return of_status(pid, "VmHWM") * 1024;
}
