// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "idle.h"

/*
 * /dev/fuse polls readable while a request or a FORGET is queued.  Polled with
 * a pause: on one CPU, spinning would keep the session loop from its work.
 */
int idle_wait(int dev)
{
	static const struct timespec pause = { .tv_nsec = 50000 };
	struct pollfd pfd = { .fd = dev, .events = POLLIN };

	for (;;) {
		int cnt = poll(&pfd, 1, 0);

		if (cnt < 0 && errno != EINTR)
			return -errno;
		if (pfd.revents & (POLLERR | POLLHUP))
			return -ENOTCONN;
		if (!cnt)
			return 0;
		nanosleep(&pause, NULL);
	}
}
