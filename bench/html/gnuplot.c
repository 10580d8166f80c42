// SPDX-License-Identifier: GPL-2.0-only
/*
 * Its input and output are files in memory: nothing lies about if we are killed, and
 * nobody waits for a pipe that the other side doesn't read.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gnuplot.h"

enum { PROGRAM, SVG, DATA, FILES };

/* The descriptors that gnuplot has them as. */
static const int place[FILES] = { [PROGRAM] = 0, [SVG] = 1, [DATA] = 3 };

static int write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		text += done;
		len -= (size_t)done;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int read_all(int fd, char **text)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *buf;

	if (len < 0)
		return -errno;
	buf = malloc((size_t)len + 1);
	if (!buf)
		return -ENOMEM;
	if (pread(fd, buf, (size_t)len, 0) != len) {
		free(buf);
		return -EIO;
	}
	buf[len] = '\0';
	*text = buf;
	return 0;
}

/* Above all places: dup2() onto a place must not hit another file. */
static int open_file(const char *name)
{
	int low = memfd_create(name, MFD_CLOEXEC);
	int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, place[DATA] + 1);
	int err = errno;

	if (low >= 0)
		close(low);
	return fd < 0 ? -err : fd;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

static int spawn(const int *fd)
{
	/* Not what the user has set for other figures: language, fonts, terminal. */
	static char *const argv[] = { (char *)"gnuplot", (char *)"-d", NULL };
	static char *const env[] = { (char *)"LC_ALL=C", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return -err;
	for (int i = 0; !err && i < FILES; i++)
		err = posix_spawn_file_actions_adddup2(&actions, fd[i],
						       place[i]);
	if (!err)
		err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return err ? -err : wait_for(pid);
}

int gnuplot_run(const char *program, const char *data, char **svg)
{
	int fd[FILES] = { -1, -1, -1 };
	int ret = 0;

	for (int i = 0; !ret && i < FILES; i++) {
		fd[i] = open_file("gnuplot");
		ret = fd[i] < 0 ? fd[i] : 0;
	}
	if (!ret)
		ret = write_all(fd[PROGRAM], program);
	if (!ret)
		ret = write_all(fd[DATA], data);
	if (!ret)
		ret = spawn(fd);
	if (!ret)
		ret = read_all(fd[SVG], svg);
	for (int i = 0; i < FILES; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return ret;
}
