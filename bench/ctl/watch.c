// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch.c - a process that doesn't touch the mount.
 *
 * A process that waits for an answer of FUSE can only be killed.  One that
 * waits for the lock of a directory, which such a process holds, can't even be
 * killed: it stays until the daemon answers.  So a child does the work.  It has
 * nothing open that others wait for, and what it says comes through pipes.
 */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "bench/lib/status.h"

static _Atomic unsigned long *progress;

/* What has come through a pipe; at its end, that isn't asked again. */
static int relay(struct pollfd *from, int to)
{
	char buf[4096];
	ssize_t len;

	if (!from->revents)
		return 0;
	len = read(from->fd, buf, sizeof(buf));
	if (len > 0 && write(to, buf, len) == len)
		return 0;
	from->fd = -1;
	if (len <= 0)
		return 0;
	ctl_say("can't write: %s", strerror(errno));
	return STATUS_FAILED;
}

static _Noreturn void watch(pid_t child, int out, int err, unsigned int seconds,
			    const char *path)
{
	struct pollfd from[2] = { { .fd = out, .events = POLLIN },
				  { .fd = err, .events = POLLIN } };
	unsigned long before = *progress;
	int status = 0, ret = 0;

	while (from[0].fd >= 0 || from[1].fd >= 0) {
		if (!poll(from, 2, seconds * 1000)) {
			if (*progress == before)
				break;
			before = *progress;
			continue;
		}
		ret |= relay(&from[0], STDOUT_FILENO);
		ret |= relay(&from[1], STDERR_FILENO);
	}
	if (from[0].fd < 0 && from[1].fd < 0 &&
	    waitpid(child, &status, 0) == child)
		_exit(ret		  ? ret
		      : WIFEXITED(status) ? WEXITSTATUS(status)
					  : STATUS_FAILED);
	ctl_say("%s: no answer for %u s: its daemon hangs, or needs longer "
		"(--limit); `epochctl bump` doesn't ask it anything",
		path, seconds);
	kill(child, SIGKILL);
	_exit(STATUS_FAILED);
}

int ctl_watch_start(unsigned int seconds, const char *path)
{
	int out[2], err[2];
	pid_t child;

	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		return -errno;
	fflush(stdout);
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		close(out[1]);
		close(err[1]);
		watch(child, out[0], err[0], seconds, path);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(out[0]);
	close(err[0]);
	if (dup2(out[1], STDOUT_FILENO) < 0 || dup2(err[1], STDERR_FILENO) < 0)
		return -errno;
	close(out[1]);
	close(err[1]);
	return 0;
}

void ctl_watch_progress(void)
{
	++*progress;
}
