// SPDX-License-Identifier: GPL-2.0-only
#include "key_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void key_file_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(buf, (int)len, f))
		buf[0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (f)
		fclose(f);
}

uint64_t key_file_number(const char *path, const char *key)
{
	FILE *f = fopen(path, "re");
	uint64_t value = 0;
	size_t len = strlen(key);
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, len) && strchr(": \t", line[len])) {
			value = strtoull(line + len + 1, NULL, 10);
			break;
		}
	}
	fclose(f);
	return value;
}
