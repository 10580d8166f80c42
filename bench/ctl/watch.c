// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch.c - a process that touches no file system.
 *
 * A process that waits for an answer of FUSE can only be killed.  One that
 * waits for the lock of a directory, which such a process holds, can't even be
 * killed: it stays until the daemon answers or ends.  So a child does the work.
 * It has nothing open that others wait for, and what it says comes through
 * pipes.  It reads the list of paths, too, which may lie on any file system.
 */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "guard.h"
#include "bench/lib/status.h"

/* Pipes from the child; the last is closed when it has read all. */
enum { OUT, ERR, READING, SOURCES };

static _Atomic unsigned long *progress;
static int line; /* the guard's */

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

static int open_source(struct pollfd *from, int *to)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*from = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	*to = ends[1];
	return 0;
}

/* What the child says, until its end; false: no progress for too long. */
static bool listen_to(struct pollfd *from, unsigned int seconds, int *ret)
{
	unsigned long before = *progress;

	while (from[OUT].fd >= 0 || from[ERR].fd >= 0) {
		bool limited = from[READING].fd < 0;

		if (!poll(from, SOURCES, limited ? (int)seconds * 1000 : -1)) {
			if (*progress == before)
				return false;
			before = *progress;
			continue;
		}
		if (from[READING].revents)
			from[READING].fd = -1;
		*ret |= relay(&from[OUT], STDOUT_FILENO);
		*ret |= relay(&from[ERR], STDERR_FILENO);
	}
	return true;
}

static _Noreturn void watch(pid_t child, struct pollfd *from,
			    unsigned int seconds, const char *path)
{
	int status = 0, ret = 0;

	if (listen_to(from, seconds, &ret) &&
	    waitpid(child, &status, 0) == child) {
		ctl_guard_end();
		_exit(ret		  ? ret
		      : WIFEXITED(status) ? WEXITSTATUS(status)
					  : STATUS_FAILED);
	}
	ctl_say("%s: no answer for %u s: its daemon hangs, or needs longer "
		"(--limit); `epochctl bump` doesn't ask it anything",
		path, seconds);
	kill(child, SIGKILL);
	_exit(STATUS_FAILED);
}

int ctl_watch_start(unsigned int seconds, const char *path)
{
	struct pollfd from[SOURCES];
	int to[SOURCES];
	pid_t child;

	fflush(stdout);
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	line = progress == MAP_FAILED ? -errno : ctl_guard_start();
	if (line < 0)
		return line;
	for (int i = 0; i < SOURCES; i++)
		if (open_source(&from[i], &to[i]))
			return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	for (int i = 0; i < SOURCES; i++)
		close(child ? to[i] : from[i].fd);
	if (child) {
		close(line);
		watch(child, from, seconds, path);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(to[OUT], STDOUT_FILENO) < 0 ||
	    dup2(to[ERR], STDERR_FILENO) < 0)
		return -errno;
	close(to[OUT]);
	close(to[ERR]);
	return 0;
}

int ctl_watch_limit(void)
{
	/* That source is among what is closed. */
	if (dup2(line, STDIN_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0))
		return -errno;
	line = STDIN_FILENO;
	return 0;
}

void ctl_watch_progress(void)
{
	++*progress;
}

void ctl_watch_borrows(uint32_t connection)
{
	ctl_guard_tell(line, connection);
}
