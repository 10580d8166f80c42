// SPDX-License-Identifier: GPL-2.0-only
#include "process_stat.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned long long process_stat(pid_t pid, unsigned int field)
{
	char path[64], text[1024], *at;
	size_t got = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (f)
		got = fread(text, 1, sizeof(text) - 1, f);
	if (f)
		fclose(f);
	text[got] = 0;
	/* The name may hold anything, also parentheses; what follows has none. */
	at = strrchr(text, ')');
	for (unsigned int i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return 0;
	if (field == PROCESS_STATE)
		return (unsigned char)at[1];
	return strtoull(at, NULL, 10);
}

bool process_lives(pid_t pid)
{
	char path[32];
	struct dirent *entry;
	bool any = false;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && !any && (entry = readdir(tasks))) {
		int state =
			(int)process_stat(atoi(entry->d_name), PROCESS_STATE);

		any = state && state != 'Z' && state != 'X';
	}
	if (tasks)
		closedir(tasks);
	return any;
}
