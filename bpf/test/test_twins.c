// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two tasks on one CPU whose pids have the same lower 17 bits, and that preempt
 * each other in the tracer: nothing is counted twice, and what is lost is told.
 *
 * only: v8
 * program: epochstat
 */
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

enum { HITS = 100000, LOOKUPS = 20000, FIRST_PID = 100000, APART = 1 << 17 };

static bool raise_pid_max(void)
{
	int fd = open("/proc/sys/kernel/pid_max", O_WRONLY);
	bool ok = fd >= 0 && write(fd, "4194304", 7) == 7;

	close(fd);
	return ok;
}

/* Walks with this pid, beside the other on CPU 0. */
static pid_t walk(pid_t pid, int walks)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));
	struct stat st;
	cpu_set_t cpu;

	if (child)
		return child;
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	for (int i = 0; i < walks; i++)
		lstat(server_path("a/b/f"), &st);
	_exit(0);
}

/* Both, under the tracer. */
static void trace_both(const char *form, int walks)
{
	pid_t one, two;

	tracer_start("epochstat", form, "3600", NULL);
	one = walk(FIRST_PID, walks);
	two = walk(FIRST_PID + APART, walks);
	ktap_is(one, FIRST_PID, "a pid");
	ktap_is(two, FIRST_PID + APART, "one with the same lower bits");
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	ktap_ok(tracer_stop() == 0, "the tracer ends well");
}

int main(void)
{
	uint64_t a, b, got, wanted, missed;

	ktap_begin();
	if (!raise_pid_max())
		ktap_skip_all("pid_max can't be raised");
	server_start();
	a = tree_add(ROOT, "a", S_IFDIR | 0755);
	b = tree_add(a, "b", S_IFDIR | 0755);
	tree_add(b, "f", S_IFREG | 0644);
	lookups_of("a/b/f");
	trace_both("-j", HITS);
	ktap_is(tracer_sum("revalidate_cnt") + tracer_sum("lost.programs"),
		2 * 3 * HITS, "hits, and those missed");
	/* A hit whose beginning was missed lacks in the histogram only. */
	trace_both("-jH", HITS);
	ktap_is(tracer_sum("revalidate_cnt") + tracer_sum("lost.programs"),
		2 * 3 * HITS, "hits with histograms, and those missed");

	tree_set_valid_s(0);
	server_bump();
	lookups_of("a/b/f");
	wanted = server_count(FUSE_LOOKUP);
	trace_both("-j", LOOKUPS);
	wanted = server_count(FUSE_LOOKUP) - wanted;
	got = tracer_sum("lookup_cnt");
	missed = tracer_sum("lost.programs") + tracer_sum("lost.state");
	ktap_ok(got <= wanted && got + missed >= wanted,
		"LOOKUPs: %llu of %llu, %llu missed", (unsigned long long)got,
		(unsigned long long)wanted, (unsigned long long)missed);
	/* What was missed may also have been an RCU walk, which begins anew. */
	got = tracer_sum("revalidate_cnt");
	wanted = 2 * 3 * LOOKUPS;
	missed = tracer_sum("lost.revalidations");
	ktap_ok(got <= wanted && got + missed >= wanted,
		"revalidations: %llu of %llu, %llu of no mount",
		(unsigned long long)got, (unsigned long long)wanted,
		(unsigned long long)missed);
	server_stop();
	return ktap_end();
}
