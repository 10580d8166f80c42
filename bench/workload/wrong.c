// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fs/nodes.h"
#include "programs.h"
#include "wrong.h"

static uint64_t count_lines(const char *path, bool (*counts)(const char *line))
{
	FILE *f = fopen(path, "re");
	uint64_t cnt = 0;
	char *line = NULL;
	size_t cap = 0;

	while (f && getline(&line, &cap, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		cnt += !strstr(line, "/" NODES_WATCHED) && counts(line);
	}
	free(line);
	if (f)
		fclose(f);
	return cnt;
}

uint64_t wrong_opened_cnt(const struct passfs_shared *fs)
{
	return fs->program_open_cnt;
}

static bool is_skipped(const char *line)
{
	return strstr(line, "replaced while being copied");
}

uint64_t wrong_skipped_cnt(const struct passfs_shared *fs)
{
	(void)fs;
	return count_lines(PROGRAM_STDERR, is_skipped);
}

/* Directories are in each dump: they say which names there are. */
static bool is_no_directory(const char *line)
{
	size_t len = strlen(line);

	return len && line[len - 1] != '/';
}

uint64_t wrong_dumped_cnt(const struct passfs_shared *fs)
{
	(void)fs;
	return count_lines(WRONG_DUMPED, is_no_directory);
}

static bool is_unreadable(const char *line)
{
	return !strncmp(line, "md5sum: ", 8);
}

uint64_t wrong_unreadable_cnt(const struct passfs_shared *fs)
{
	(void)fs;
	return count_lines(PROGRAM_STDERR, is_unreadable);
}

static bool is_nameless(const char *line)
{
	return strstr(line, "shell-init: ") && strstr(line, "getcwd");
}

uint64_t wrong_nameless_cnt(const struct passfs_shared *fs)
{
	(void)fs;
	return count_lines(PROGRAM_STDERR, is_nameless);
}

/* The last line is the summary. */
uint64_t wrong_reread_cnt(const struct passfs_shared *fs)
{
	static const char key[] = "\"files_changed\":";
	FILE *f = fopen(WRONG_SUMMARY, "re");
	uint64_t cnt = 0;
	char *line = NULL;
	const char *at;
	size_t cap = 0;

	(void)fs;
	while (f && getline(&line, &cap, f) > 0) {
		at = strstr(line, key);
		if (at)
			cnt = strtoull(at + sizeof(key) - 1, NULL, 10);
	}
	free(line);
	if (f)
		fclose(f);
	return cnt;
}
