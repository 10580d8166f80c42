// SPDX-License-Identifier: GPL-2.0-only
/*
 * output_program.c - the standard streams of a program, from begin to end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "status.h"

static void dont_end(int sig)
{
	(void)sig;
}

void output_begin(void)
{
	/* A handler, as what is ignored stays so in programs that are started. */
	const struct sigaction action = { .sa_handler = dont_end,
					  .sa_flags = SA_RESTART };

	sigaction(SIGPIPE, &action, NULL);
	sigaction(SIGXFSZ, &action, NULL);
	/* A folder can be neither read nor written like a file. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/", O_RDONLY | O_DIRECTORY);
}

int output_flush(FILE *out)
{
	static int stdout_err; /* the first, as stdio forgets it */
	int err;

	errno = 0;
	if (!fflush(out) && !ferror(out))
		return 0;
	err = errno ? -errno : -EIO;
	if (out != stdout)
		return err;
	if (!stdout_err)
		stdout_err = err;
	return stdout_err;
}

int output_finish(const char *name, int status)
{
	int err = output_flush(stdout);

	if (!err)
		return status;
	fprintf(stderr, "%s: can't write: %s\n", name, strerror(-err));
	return STATUS_FAILED;
}
