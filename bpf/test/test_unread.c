// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tool whose output nobody reads ends by a signal all the same.
 *
 * only: v8
 * program: epochstat
 * program: epochsnoop
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

/* Is it in a write to its stdout?  Twice: it isn't only passing through. */
static bool waits_for_reader(pid_t pid)
{
	char path[64], before[128] = "", line[128] = "";
	long nr = -1, fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	for (int i = 0; i < 2; i++) {
		FILE *f = fopen(path, "re");

		memcpy(before, line, sizeof(line));
		if (!f || !fgets(line, sizeof(line), f))
			*line = 0;
		if (f)
			fclose(f);
		usleep(10000);
	}
	return sscanf(line, "%ld 0x%lx", &nr, &fd) == 2 && nr == SYS_write &&
	       fd == 1 && !strcmp(before, line);
}

static bool is_over(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

static void ends_by(int sig, pid_t pid, bool events)
{
	int status = -1;

	ktap_control(poll_until((!events || (server_bump(), true)) &&
					waits_for_reader(pid),
				PATIENCE_MS),
		     "it waits for who reads it");
	kill(pid, sig);
	if (!ktap_ok(poll_until(is_over(pid, &status), PATIENCE_MS),
		     "it ends by signal %d", sig)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	ktap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
		"with a failure: not all was told");
	tracer_read();
	ktap_ok(strstr(tracer_said(), "nobody read"), "it says so");
}

int main(void)
{
	ktap_begin();
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");
	ends_by(SIGTERM, tracer_start("epochstat", "-a", "-j", "0.001", NULL),
		false);
	ends_by(SIGINT, tracer_start("epochsnoop", "-j", NULL), true);
	server_stop();
	return ktap_end();
}
