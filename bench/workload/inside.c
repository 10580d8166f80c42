// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/host/cpu_time.h"
#include "inside.h"

enum { PERIOD_NS = 5000000, WALKS = 100 };

struct inside *inside_new(void)
{
	struct inside *in = mmap(NULL, sizeof(*in), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return in == MAP_FAILED ? NULL : in;
}

/* By the kernel's word: the C library's would go and search. */
static bool is_at(const char *path)
{
	char now[PATH_MAX];

	return syscall(SYS_getcwd, now, sizeof(now)) > 0 && !strcmp(now, path);
}

/* Another walker's LOOKUP may be under way each time, but not all the time. */
static bool is_lost(const char *path)
{
	struct stat st;

	for (int i = 0; i < WALKS; i++)
		if (!stat(path, &st) && is_at(path))
			return false;
	return true;
}

static void be_inside(struct inside *in, const char *path)
{
	const struct timespec period = { .tv_nsec = PERIOD_NS };

	if (chdir(path)) {
		in->err = -errno;
		return;
	}
	while (!in->stop) {
		in->getcwd_cnt++;
		in->failed_cnt += !is_at(path);
		nanosleep(&period, NULL);
	}
	in->lost = is_lost(path);
	in->cpu_ns = cpu_time_of_clock(CLOCK_PROCESS_CPUTIME_ID);
}

pid_t inside_start(struct inside *in, const struct source *s)
{
	char path[PATH_MAX] = STAGE_MOUNT "/";
	size_t top_len = strlen(path);
	pid_t pid;

	memset(in, 0, sizeof(*in));
	source_busy_dir(s, path + top_len, sizeof(path) - top_len);
	pid = fork();
	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	be_inside(in, path);
	_exit(0);
}
