// SPDX-License-Identifier: GPL-2.0-only
#include "preempt.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>

/* debugfs, which needn't be mounted anywhere: a descriptor of its root. */
static int open_debugfs(void)
{
	int fs = fsopen("debugfs", FSOPEN_CLOEXEC), root = -1;

	if (fs >= 0 && !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		root = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (fs >= 0)
		close(fs);
	return root;
}

bool preempt_is_possible(void)
{
	int root, file, len = -1;
	char modes[128] = "";
	struct utsname u;

	if (!uname(&u) && !strstr(u.version, "PREEMPT"))
		return false;
	root = open_debugfs();
	file = openat(root, "sched/preempt", O_RDONLY | O_CLOEXEC);
	if (file >= 0)
		len = read(file, modes, sizeof(modes) - 1);
	close(file);
	close(root);
	/* "none voluntary (full)" */
	return len < 0 ||
	       (!strstr(modes, "(none)") && !strstr(modes, "(voluntary)"));
}
