// SPDX-License-Identifier: GPL-2.0-only
#include "facts.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/device/holders.h"
#include "bench/host/key_file.h"
#include "command.h"

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

/* Its path, if it is the same file here: it may have another root. */
static bool find_program(pid_t pid, char *path, size_t len)
{
	struct stat its, ours;
	char exe[64];
	ssize_t got;

	snprintf(exe, sizeof(exe), "/proc/%d/exe", pid);
	got = readlink(exe, path, len - 1);
	if (got < 0)
		return false;
	path[got] = 0;
	return !stat(exe, &its) && !stat(path, &ours) &&
	       its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
}

void facts_package(pid_t pid, char *buf, size_t len)
{
	/* Packages may still call /usr/bin/x /bin/x; dpkg takes a pattern. */
	static const char text[] =
		"path={path}; case $path in *[][*?\\\\]*) exit ;; esac; "
		"package=$(dpkg-query -S \"$path\" \"${path#/usr}\" "
		"2>/dev/null | "
		"sed -n '/^diversion by /d; s/[,:].*//p' | head -n 1); "
		"[ -z \"$package\" ] || "
		"dpkg-query -W -f '${Package} ${Version}\\n' \"$package\"";
	char path[PATH_MAX], *filled = NULL;
	const struct command_place places[] = { { "path", path },
						{ NULL, NULL } };
	FILE *said = NULL;

	*buf = 0;
	if (find_program(pid, path, sizeof(path)))
		filled = command_fill(text, places);
	if (filled)
		said = popen(filled, "re");
	if (said && fgets(buf, (int)len, said))
		buf[strcspn(buf, "\n")] = 0;
	if (said)
		pclose(said);
	free(filled);
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
