// SPDX-License-Identifier: GPL-2.0-only
#include "cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key_file.h"

#define PATH_LEN 4096
/* Version 1 says "no limit" by the greatest number of whole pages. */
#define NO_LIMIT (1ULL << 62)

enum { LIMIT_CNT = 2, CACHE_CNT = 3 };

/* The files of a version.  Caches count as used, but are given up first. */
static const struct version {
	const char *limits[LIMIT_CNT], *used;
	const char *caches[CACHE_CNT]; /* in memory.stat */
} versions[] = {
	{ { "memory.max", "memory.high" },
	  "memory.current",
	  { "inactive_file", "active_file", "slab_reclaimable" } },
	{ { "memory.limit_in_bytes", NULL },
	  "memory.usage_in_bytes",
	  { "total_inactive_file", "total_active_file", NULL } },
};

/* A number alone in a file; UINT64_MAX: none, or "max". */
static uint64_t number_in(const char *dir, const char *name)
{
	char path[PATH_LEN + 64], text[64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	key_file_line(path, text, sizeof(text));
	if (text[0] < '0' || text[0] > '9')
		return UINT64_MAX;
	return strtoull(text, NULL, 10);
}

static uint64_t room_in(const char *dir, const struct version *v)
{
	uint64_t max = UINT64_MAX, used, cached = 0;
	char path[PATH_LEN + 64];

	for (int i = 0; i < LIMIT_CNT && v->limits[i]; i++) {
		uint64_t limit = number_in(dir, v->limits[i]);

		max = limit < max ? limit : max;
	}
	used = number_in(dir, v->used);
	if (max >= NO_LIMIT || used == UINT64_MAX)
		return UINT64_MAX;
	snprintf(path, sizeof(path), "%s/memory.stat", dir);
	for (int i = 0; i < CACHE_CNT && v->caches[i]; i++)
		cached += key_file_number(path, v->caches[i]);
	used -= cached < used ? cached : used;
	return max > used ? max - used : 0;
}

/* Of a cgroup and those above it; dir is shortened to its root. */
static uint64_t room_above(char *dir, size_t root_len, const struct version *v)
{
	uint64_t room = UINT64_MAX;

	for (;;) {
		uint64_t here = room_in(dir, v);

		room = here < room ? here : room;
		if (strlen(dir) <= root_len)
			return room;
		*strrchr(dir, '/') = 0;
	}
}

/* Is "memory" among "cpu,memory"? */
static bool has_memory(const char *controllers, size_t len)
{
	const char *end = controllers + len;

	for (const char *at = controllers; at < end;) {
		size_t word = strcspn(at, ",:");

		if (word == 6 && !strncmp(at, "memory", 6))
			return true;
		at += word + 1;
	}
	return false;
}

/* Of a line "NUMBER:CONTROLLERS:PATH"; version 2 has no controllers there. */
static uint64_t room_of(const char *line, const char *root)
{
	const char *controllers = strchr(line, ':'), *path;
	char dir[PATH_LEN];
	bool memory;
	int len;

	path = controllers ? strchr(++controllers, ':') : NULL;
	if (!path)
		return UINT64_MAX;
	memory = has_memory(controllers, (size_t)(path - controllers));
	if (!memory && path != controllers)
		return UINT64_MAX;
	len = snprintf(dir, sizeof(dir), "%s%s", root, memory ? "/memory" : "");
	if (strlen(++path) + (size_t)len >= sizeof(dir))
		return UINT64_MAX;
	if (strcmp(path, "/"))
		strcpy(dir + len, path);
	return room_above(dir, (size_t)len, &versions[memory]);
}

uint64_t cgroup_room_bytes(const char *root, const char *self)
{
	uint64_t room = UINT64_MAX, here;
	FILE *f = fopen(self, "re");
	char line[PATH_LEN];

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		here = room_of(line, root);
		room = here < room ? here : room;
	}
	if (f)
		fclose(f);
	return room;
}
