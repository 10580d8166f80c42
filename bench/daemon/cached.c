// SPDX-License-Identifier: GPL-2.0-only
#include "cached.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

enum cached cached_look(int folder, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_CACHED,
	};
	int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));

	if (fd >= 0) {
		close(fd);
		return CACHED_YES;
	}
	return errno == ENOENT ? CACHED_MISSING : CACHED_NOT;
}
