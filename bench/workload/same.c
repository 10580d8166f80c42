// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "above.h"
#include "same.h"

int same_number(struct same *s, const struct oracle *o, unsigned int dir,
		struct same_counts *counts)
{
	int64_t number = oracle_number(o, dir);

	if (number < 0)
		return (int)number;
	counts->number_cnt++;
	counts->renumbered_cnt += s->number[dir] && s->number[dir] != number;
	s->number[dir] = number;
	return 0;
}

/* The copy behind the mount says what it should be. */
int same_above(const char *file, struct same_counts *counts)
{
	char path[PATH_MAX];
	struct stat want, got;

	snprintf(path, sizeof(path), STAGE_TREE "/%s", file);
	if (lstat(path, &want))
		return -errno;
	snprintf(path, sizeof(path), STAGE_ABOVE "/%s", file);
	if (lstat(path, &got)) {
		if (errno == ENOTCONN || errno == ECONNABORTED)
			return -errno;
		got.st_size = -1;
	}
	counts->overlay_cnt++;
	counts->overlay_wrong_cnt += got.st_size != want.st_size;
	return 0;
}
