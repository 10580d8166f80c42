// SPDX-License-Identifier: GPL-2.0-only
#include "path.h"

#include <limits.h>
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
