// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of mounts, and all questions about them.
 */
#include <limits.h>

#include "bench/lib/mount_layers.h"
#include "bench/lib/mount_tables.h"
#include "fuzz.h"

static bool take(const char *path, void *arg)
{
	const struct mount_tables *m = arg;

	mount_tables_over_there(m, mount_tables_get(m, 0), path);
	return true;
}

static void ask(const struct mount_tables *m)
{
	size_t cnt, beneath_cnt;
	struct mount **all = mount_tables_fuse(m, &cnt);
	char path[PATH_MAX];

	for (size_t i = 0; i < cnt; i++) {
		free(mount_tables_beneath(m, all[i]->dev, &beneath_cnt));
		mount_tables_parent(m, all[i]);
		mount_tables_at(m, all[i]->path);
		mount_tables_over(m, all[i]->path);
		/* It follows links of this machine: a few are enough. */
		if (i < 2)
			mount_tables_resolve(m, all[i]->path, path,
					     sizeof(path));
	}
	free(all);
	for (size_t i = 0; i < mount_tables_cnt(m); i++)
		mount_layers_each(mount_tables_get(m, i)->options, take,
				  (void *)(uintptr_t)m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *f = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct mount_tables *m = f ? mount_tables_parse(f) : NULL;

	if (m)
		ask(m);
	mount_tables_free(m);
	if (f)
		fclose(f);
	return 0;
}
