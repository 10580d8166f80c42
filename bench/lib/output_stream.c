// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "output.h"
#include "output_stream.h"

enum {
	LOOK_MS = 50, /* between two looks whether we are asked to end */
	GRACE_MS = 1000, /* what a slow reader has then */
};

static volatile sig_atomic_t asked;

static void on_signal(int sig)
{
	(void)sig;
	asked = 1;
}

void output_until_signal(bool already)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	/* Without SA_RESTART: a print to stdout that hangs ends, too. */
	struct sigaction action = { .sa_handler = on_signal }, old;
	sigset_t mask;

	asked = already;
	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN) /* nohup stays nohup */
			sigaction(signals[i], &action, NULL);
		sigaddset(&mask, signals[i]);
	}
	pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
}

/* A client of whoever listens there, however long the path is. */
static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int at = open(path, O_PATH | O_CLOEXEC), fd, err;

	if (at < 0)
		return -1;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "/proc/self/fd/%d", at);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		err = errno;
		close(fd);
		fd = -1;
		errno = err;
	}
	err = errno;
	close(at);
	errno = err;
	return fd;
}

static int open_once(const char *path, mode_t mode)
{
	int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

	if (S_ISSOCK(mode))
		return connect_to(path);
	/* Reached through a descriptor of somebody: what is there is his. */
	if (S_ISREG(mode))
		flags |= O_APPEND;
	return open(path, flags);
}

int output_stream_open(const char *path, mode_t mode)
{
	for (;;) {
		int fd = open_once(path, mode);

		if (fd >= 0)
			return fd;
		/* No reader yet; a queue that is full. */
		if (!(S_ISFIFO(mode) && errno == ENXIO) &&
		    !(S_ISSOCK(mode) && errno == EAGAIN))
			return -errno;
		if (asked)
			return -EINTR;
		poll(NULL, 0, LOOK_MS);
	}
}

/* Until something can be written, or it has been waited for long enough. */
static bool has_room(int fd)
{
	static uint64_t asked_ns; /* when that was seen */
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (poll(&p, 1, LOOK_MS) <= 0) {
		uint64_t now_ns = clock_monotonic_ns();

		if (asked && !asked_ns)
			asked_ns = now_ns;
		if (asked && now_ns - asked_ns >= GRACE_MS * 1000000ULL)
			return false;
	}
	return true;
}

/* Where there is room for something, so much can be written without a wait. */
static int put_piece(int fd, const char *buf, size_t len, size_t *done)
{
	ssize_t ret;

	if (!has_room(fd))
		return -EINTR;
	ret = write(fd, buf, len < PIPE_BUF ? len : PIPE_BUF);
	if (ret > 0)
		*done += (size_t)ret;
	else if (!ret)
		return -EIO;
	return ret > 0 || errno == EINTR || errno == EAGAIN ? 0 : -errno;
}

static ssize_t put(void *cookie, const char *buf, size_t len)
{
	struct output_stream *s = cookie;
	size_t done = 0;

	while (!s->err && done < len)
		s->err = put_piece(s->fd, buf + done, len - done, &done);
	return s->err ? -1 : (ssize_t)done;
}

FILE *output_stream(struct output_stream *s)
{
	return fopencookie(s, "w", (cookie_io_functions_t){ .write = put });
}
