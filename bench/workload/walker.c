// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "walker.h"

#define NS_PER_S 1000000000ULL
#define PERIOD_NS 1000000ULL

enum { PATH_LEN = 4200 };

struct walker *walker_new(void)
{
	struct walker *w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return w == MAP_FAILED ? NULL : w;
}

/* Knuth's numbers. */
static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005ULL + 1442695040888963407ULL;
	return *x >> 33;
}

static int stat_it(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? -errno : 0;
}

static int read_it(const char *path)
{
	char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (read(fd, buf, sizeof(buf)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static void touch(struct walker *w, const char *path, bool by_read)
{
	int err = by_read ? read_it(path) : stat_it(path);

	if (err)
		w->err = err;
}

static void sleep_until(uint64_t at_ns)
{
	struct timespec ts = { (time_t)(at_ns / NS_PER_S),
			       (long)(at_ns % NS_PER_S) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void walk_paced(struct walker *w, const struct source *s)
{
	uint64_t due_ns = clock_monotonic_ns(), end_ns = due_ns, x = 1;
	char path[PATH_LEN];

	prctl(PR_SET_TIMERSLACK, 1);
	for (uint64_t i = 0; !w->stop; i++) {
		uint64_t begin_ns;

		snprintf(path, sizeof(path), STAGE_MOUNT "/%s",
			 s->file[next_random(&x) % s->file_cnt]);
		due_ns += PERIOD_NS;
		if (end_ns < due_ns) {
			sleep_until(due_ns);
			begin_ns = clock_monotonic_ns();
		} else {
			begin_ns = due_ns; /* it should have begun then */
		}
		touch(w, path, i % 2);
		end_ns = clock_monotonic_ns();
		histogram_add(&w->took, end_ns - begin_ns);
	}
}

static void walk_unpaced(struct walker *w, const struct source *s,
			 uint64_t begin_ns)
{
	uint64_t at_ns = clock_monotonic_ns(), x = 1;
	char path[PATH_LEN];

	while (!w->stop) {
		uint64_t took_ns, bin;

		snprintf(path, sizeof(path), STAGE_MOUNT "/%s",
			 s->file[next_random(&x) % s->file_cnt]);
		touch(w, path, false);
		took_ns = clock_monotonic_ns() - at_ns;
		at_ns += took_ns;
		if (at_ns < begin_ns)
			continue;
		histogram_add(&w->took, took_ns);
		bin = (at_ns - begin_ns) / WALKER_BIN_NS;
		if (bin >= WALKER_BIN_MAX)
			break;
		w->op_cnt[bin]++;
		if (took_ns > w->max_ns[bin])
			w->max_ns[bin] = took_ns;
	}
}

pid_t walker_start(struct walker *w, const struct source *s, bool paced,
		   uint64_t begin_ns)
{
	pid_t pid;

	memset(w, 0, sizeof(*w));
	w->begin_ns = begin_ns;
	pid = fork();
	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (paced)
		walk_paced(w, s);
	else
		walk_unpaced(w, s, begin_ns);
	_exit(0);
}
