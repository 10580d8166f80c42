// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "above.h"

/* A second layer makes an upper one unnecessary: it is only read. */
#define EMPTY STAGE_DIR "/empty"

static int mount_above(const char *lower)
{
	char options[128];

	snprintf(options, sizeof(options), "lowerdir=%s:" EMPTY, lower);
	return mount("overlay", STAGE_ABOVE, "overlay", MS_RDONLY, options)
		       ? -errno
		       : 0;
}

int above_probe(char *err, size_t err_len)
{
	int ret = 0;

	if (mkdir(STAGE_ABOVE, 0755) || mkdir(EMPTY, 0755))
		ret = -errno;
	if (!ret)
		ret = mount_above(STAGE_TREE);
	if (!ret && umount2(STAGE_ABOVE, 0))
		ret = -errno;
	if (ret)
		snprintf(err, err_len, "overlayfs can't be mounted here: %s",
			 strerror(-ret));
	return ret;
}

pid_t above_start(void)
{
	pid_t pid = fork();

	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(mount_above(STAGE_MOUNT) ? 1 : 0);
}
