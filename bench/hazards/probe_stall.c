// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_stall.c - how long must an innocent process wait?
 *
 * Another process calls stat() on one name all the time; its longest call
 * during and after the notification counts.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "bench/lib/clock.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "options.h"
#include "stage.h"
#include "bench/lib/units.h"

enum { PAUSE_US = 100, AFTERWARDS = 5, SAMPLES = 3 };

struct sample {
	uint64_t notify_ns, stat_ns;
};

static struct innocent {
	_Atomic uint64_t longest_ns, call_cnt;
} * innocent;

/* On another CPU than the server, if there is one. */
static void __attribute__((noreturn)) keep_looking(const char *path)
{
	cpu_set_t set;
	struct stat st;

	CPU_ZERO(&set);
	CPU_SET((int)sysconf(_SC_NPROCESSORS_ONLN) - 1, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (;;) {
		uint64_t begin = clock_monotonic_ns(), took;

		lstat(path, &st);
		took = clock_monotonic_ns() - begin;
		if (took > innocent->longest_ns)
			innocent->longest_ns = took;
		innocent->call_cnt++;
		usleep(PAUSE_US);
	}
}

static void wait_for_calls(unsigned int more)
{
	uint64_t wanted = innocent->call_cnt + more;

	if (!poll_until(innocent->call_cnt >= wanted, PATIENCE_MS))
		say_broken("the other process doesn't come back");
}

static pid_t start_innocent(const char *path)
{
	pid_t pid;

	innocent = mmap(NULL, sizeof(*innocent), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = innocent == MAP_FAILED ? -1 : fork();
	if (!pid)
		keep_looking(path);
	if (pid < 0)
		say_broken("cannot start another process");
	wait_for_calls(AFTERWARDS);
	innocent->longest_ns = 0;
	return pid;
}

static struct sample measure(const struct inval_method *m, uint64_t name_cnt)
{
	struct sample s;
	pid_t pid;

	stage_start(m, NULL);
	stage_fill(name_cnt);
	pid = start_innocent(stage_path(name_cnt / 2 + 1));
	s.notify_ns = stage_notify(m);
	wait_for_calls(AFTERWARDS);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	s.stat_ns = innocent->longest_ns;
	munmap(innocent, sizeof(*innocent));
	stage_stop();
	return s;
}

static uint64_t median_of_3(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

static void stall(const struct inval_method *m, uint64_t name_cnt)
{
	char names[UNITS_LEN], probe[64];
	struct sample s[SAMPLES];

	for (int i = 0; i < SAMPLES; i++)
		s[i] = measure(m, name_cnt);
	units_format((double)name_cnt, UNIT_NAMES, names, sizeof(names));
	snprintf(probe, sizeof(probe), "%s: notify", names);
	say_number(probe,
		   (double)median_of_3(s[0].notify_ns, s[1].notify_ns,
				       s[2].notify_ns),
		   "ns");
	snprintf(probe, sizeof(probe), "%s: longest stat", names);
	say_number(
		probe,
		(double)median_of_3(s[0].stat_ns, s[1].stat_ns, s[2].stat_ns),
		"ns");
}

static void run(const struct inval_method *m)
{
	for (unsigned int i = 0; i < hazard_options.size_cnt; i++)
		stall(m, hazard_options.name_cnt[i]);
}

const struct hazard hazard_stall = {
	.name = "stall",
	.title = "Stall of an innocent process",
	.note = "So many names are cached in one directory.  notify: what the "
		"daemon's messages (or the system call) take.  longest stat: "
		"another process calls stat() on one of the names, every 0.1 "
		"ms, during that and after it; its longest call.  Compare with "
		"\"none\": what is about as long is the noise of the machine.  "
		"Medians of three.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 300,
};
