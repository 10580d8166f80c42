// SPDX-License-Identifier: GPL-2.0-only
#include "path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

struct mount_tables *ctl_read_mounts(bool own_only)
{
	struct mount_tables *m = mount_tables_read(own_only);

	if (!m)
		ctl_say("the mount table can't be read: is /proc mounted?");
	return m;
}

const struct mount *ctl_path_mount(const struct mount_tables *m,
				   const char *path)
{
	char absolute[PATH_MAX];
	const struct mount *mount, *in;
	int err = mount_tables_resolve(m, path, absolute, sizeof(absolute));

	if (err) {
		ctl_say("%s: %s (`epochctl list` shows what there is)", path,
			strerror(-err));
		return NULL;
	}
	mount = mount_tables_at(m, absolute);
	if (mount && mount_is_fuse(mount))
		return mount;
	in = mount ? NULL : mount_tables_over(m, absolute);
	if (in && mount_is_fuse(in))
		ctl_say("%s lies in the FUSE mount %s: name that, or what is "
			"mounted in it by a path without links",
			path, in->path);
	else if (mount)
		ctl_say("%s: what is mounted there is %s, not FUSE (`epochctl "
			"list` shows what there is)",
			path, mount->type);
	else
		ctl_say("%s: nothing is mounted there, in this mount namespace "
			"(`epochctl list` shows what there is)",
			path);
	return NULL;
}

const struct mount *ctl_path_whole(const struct mount_tables *m,
				   const struct mount *mount)
{
	const struct mount *whole = NULL;
	size_t cnt;
	struct mount **all = mount_tables_fuse(m, &cnt);

	for (size_t i = 0; all && !whole && i < cnt; i++)
		if (all[i]->dev == mount->dev && !all[i]->ns &&
		    !strcmp(all[i]->root, "/"))
			whole = all[i];
	free(all);
	return whole;
}
