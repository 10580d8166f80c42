// SPDX-License-Identifier: GPL-2.0-only
#include "child_note.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/lib/process_stat.h"
#include "bench/lib/pulse.h"
#include "cpu_time.h"
#include "fusectl.h"
#include "runtime.h"

#define NOTE_KIND "child."
/* What was aborted and killed, and still stands after that, is beyond help. */
#define END_IDLE_NS 10000000000ULL

void child_note_begin(struct child_note *n)
{
	int lock = runtime_lock();

	n->fd = -1;
	if (lock < 0)
		return;
	snprintf(n->path, sizeof(n->path),
		 "%s/" RUNTIME_PREFIX NOTE_KIND "XXXXXX", runtime_dir());
	n->fd = mkostemp(n->path, O_CLOEXEC);
	if (n->fd >= 0)
		flock(n->fd, LOCK_EX);
	close(lock);
}

void child_note_adopt(struct child_note *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = n->fd < 0 ? -1 : runtime_open(n->path, O_WRONLY);
}

void child_note_write(const struct child_note *n, unsigned int connection)
{
	char text[64];
	int len;

	if (n->fd < 0)
		return;
	len = snprintf(text, sizeof(text), "%u %d %llu\n", connection, getpid(),
		       process_stat(getpid(), PROCESS_START_TICKS));
	/* Half of it is no note: see sweep(). */
	if (ftruncate(n->fd, 0) || pwrite(n->fd, text, len, 0) != len)
		return;
}

void child_note_end(struct child_note *n)
{
	if (n->fd < 0)
		return;
	unlink(n->path);
	close(n->fd);
}

static bool lives(pid_t pid, unsigned long long ticks)
{
	return pid > 0 && ticks &&
	       process_stat(pid, PROCESS_START_TICKS) == ticks &&
	       process_lives(pid);
}

static void abort_for(unsigned int connection, pid_t pid,
		      unsigned long long ticks)
{
	static const struct timespec pause = { .tv_nsec = 10000000 };
	struct pulse pulse = { .idle_ns = END_IDLE_NS };
	int fusectl = fusectl_open();
	int fd = fusectl < 0 ? -1 : fusectl_abort_open(fusectl, connection);
	/* Only now: while it lives the number can't be anybody else's. */
	bool aborted = fd >= 0 && lives(pid, ticks) && write(fd, "1", 1) == 1;

	if (fd >= 0)
		close(fd);
	if (fusectl >= 0)
		close(fusectl);
	if (!aborted)
		return;
	while (lives(pid, ticks) &&
	       pulse_beats(&pulse, cpu_time_of(pid), clock_monotonic_ns()))
		nanosleep(&pause, NULL);
	fprintf(stderr,
		"epochbench: aborted connection %u, in which process %d of a "
		"killed run hung\n",
		connection, pid);
}

static void sweep(const char *path)
{
	int fd = runtime_open(path, O_RDONLY);
	unsigned int connection;
	unsigned long long ticks;
	char text[64];
	ssize_t got;
	int pid;

	if (fd < 0)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		got = read(fd, text, sizeof(text) - 1);
		text[got > 0 ? got : 0] = 0;
		if (sscanf(text, "%u %d %llu", &connection, &pid, &ticks) ==
			    3 &&
		    connection && lives(pid, ticks))
			abort_for(connection, pid, ticks);
		unlink(path);
	}
	close(fd);
}

void child_note_sweep(void)
{
	runtime_each(NOTE_KIND, sweep);
}
