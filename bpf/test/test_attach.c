// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer comes and goes: it keeps the fuse module from being unloaded
 * meanwhile, and leaves nothing behind, also when it is killed.
 *
 * only: v8
 * program: epochstat
 * program: epochsnoop
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <sys/syscall.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

/* BPF programs in the kernel; some may be the system's own. */
static unsigned int programs(void)
{
	union bpf_attr attr = { 0 };
	unsigned int count = 0;

	while (!syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attr, sizeof(attr))) {
		attr.start_id = attr.next_id;
		count++;
	}
	return count;
}

/* References to the module; -1 where it is none. */
static int references(void)
{
	FILE *file = fopen("/sys/module/fuse/refcnt", "r");
	int count = -1;

	if (file && fscanf(file, "%d", &count) != 1)
		count = -1;
	if (file)
		fclose(file);
	return count;
}

static unsigned int programs_before;
static int references_before;

static bool is_clean(void)
{
	return programs() == programs_before &&
	       references() == references_before;
}

static void comes_and_goes(const char *tool, int signal)
{
	pid_t pid = tracer_start(tool, "-j", NULL);
	int status;

	ktap_ok(programs() > programs_before, "%s is there", tool);
	if (references_before >= 0)
		ktap_ok(references() > references_before,
			"and holds the module");
	if (signal == SIGINT) {
		status = tracer_stop();
		ktap_ok(status == 0, "Ctrl-C ends it with status 0");
	} else {
		kill(pid, signal);
		status = tracer_stop();
		ktap_ok(signal == SIGKILL ? WIFSIGNALED(status) : status == 0,
			"signal %d ends it", signal);
	}
	if (references_before >= 0 && signal != SIGKILL)
		ktap_ok(strstr(tracer_said(), "can't be unloaded"),
			"it said that it holds the module");
	ktap_ok(poll_until(is_clean(), PATIENCE_MS), "and nothing is left");
}

int main(void)
{
	ktap_begin();
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	/* Programs of the system's that come and go aren't ours. */
	tracer_start("epochstat", NULL);
	tracer_stop();
	programs_before = programs();
	references_before = references();

	comes_and_goes("epochstat", SIGINT);
	comes_and_goes("epochstat", SIGTERM);
	comes_and_goes("epochstat", SIGKILL);
	comes_and_goes("epochsnoop", SIGINT);
	comes_and_goes("epochsnoop", SIGHUP);
	comes_and_goes("epochsnoop", SIGKILL);

	/* The mount is alive after all that. */
	ktap_is(lookups_of("file"), 1, "LOOKUPs of a walk after it");
	server_stop();
	return ktap_end();
}
