// SPDX-License-Identifier: GPL-2.0-only
/*
 * Its thread waits in a signal handler: it may be in the middle of reading the
 * next request, and gets none that way.
 */
#include "pause.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

static int paused[2], resumed[2]; /* pipes, as long as the process lives */

static void must(int failed, const char *what)
{
	if (!failed)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wait_in_handler(int sig)
{
	int err = errno;
	char byte = 0;

	(void)sig;
	if (write(paused[1], &byte, 1) == 1)
		while (read(resumed[0], &byte, 1) < 0 && errno == EINTR)
			;
	errno = err;
}

void server_pause(void)
{
	struct sigaction action = { .sa_handler = wait_in_handler };
	char byte;

	if (!paused[1])
		must(pipe2(paused, O_CLOEXEC) || pipe2(resumed, O_CLOEXEC),
		     "pipe");
	must(sigaction(SIGUSR1, &action, NULL) ||
		     tgkill(getpid(), server_tid(), SIGUSR1),
	     "a signal for the server");
	must(read(paused[0], &byte, 1) != 1, "the server doesn't pause");
}

void server_resume(void)
{
	char byte = 0;

	must(write(resumed[1], &byte, 1) != 1, "the server doesn't resume");
}

unsigned int server_waiting(void)
{
	unsigned int cnt = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/fs/fuse/connections/%u/waiting",
		 server_connection());
	file = fopen(path, "r");
	must(!file || fscanf(file, "%u", &cnt) != 1, path);
	fclose(file);
	return cnt;
}
