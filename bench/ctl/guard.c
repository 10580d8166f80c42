// SPDX-License-Identifier: GPL-2.0-only
#include "guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/fusectl.h"
#include "ctl.h"
#include "bench/device/holders.h"

/* Messages take less than that, mostly; and a process may close its copy. */
enum { SOON_MS = 250, AGAIN_MS = 10000 };

/* A process that could answer for a connection. */
struct server {
	uint32_t connection;
	pid_t pid; /* 0: nobody */
};

static pid_t guard;

static bool is_server(const struct holder *h, void *arg)
{
	struct server *server = arg;
	uint32_t connection = h->connection;

	if (!h->named && borrow_identify(h, &connection))
		return true;
	if (connection != server->connection)
		return true;
	server->pid = h->pid;
	return false;
}

/*
 * A process that serves it, 0: none, -errno.  Processes that we may not look into
 * don't serve it: we were allowed to look into the daemon, and what it forks has
 * its rights.  A process that forks and ends while we look is missed once, but
 * not twice.
 */
static pid_t find_server(uint32_t connection)
{
	struct server server = { .connection = connection };
	struct holder_search s = { .one = true };
	int err = 0;

	for (int turn = 0; !err && !server.pid && turn < 4; turn++) {
		s.threads = turn % 2;
		err = holders_each(&s, is_server, &server);
	}
	return err ? err : server.pid;
}

static void abort_connection(uint32_t connection)
{
	int fusectl = fusectl_open();

	if (fusectl < 0)
		return;
	fusectl_abort(fusectl, connection);
	close(fusectl);
}

/* Waits: has the process that holds the line ended?  A server's end wakes us. */
static bool has_ended(pid_t server, int ms)
{
	struct pollfd ends[2] = { { .fd = STDIN_FILENO },
				  { .fd = server > 0 ? pidfd_open(server, 0)
						     : -1,
				    .events = POLLIN } };

	poll(ends, 2, ms);
	if (ends[1].fd >= 0)
		close(ends[1].fd);
	return ends[0].revents;
}

/* A copy that only epochctl holds keeps what waits for it waiting for ever. */
static bool release(const struct holder *h, void *arg)
{
	uint32_t connection = h->connection;

	(void)arg;
	if (!h->named && borrow_identify(h, &connection))
		return true;
	if (!find_server(connection))
		abort_connection(connection);
	return true;
}

void ctl_guard_sweep(void)
{
	struct holder_search s = { .ours = true };

	holders_each(&s, release, NULL);
}

int ctl_guard_borrow(const struct mount *mount, pid_t only_pid,
		     struct loan *loan)
{
	char why[BORROW_WHY_BYTES];
	int ret = borrow(mount, only_pid, loan, why, sizeof(why));

	if (ret) {
		ctl_say("%s: %s", mount->path, why);
		ctl_guard_sweep();
	}
	return ret;
}

/* What the terminal and the user's shell send to epochctl isn't for us. */
static _Noreturn void be_guard(int from)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	uint32_t connection;
	pid_t server = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_IGN);
	setsid();
	/* Nothing open, and no folder, that others wait for. */
	if (chdir("/") || dup2(from, STDIN_FILENO) < 0)
		_exit(0);
	close_range(STDIN_FILENO + 1, ~0U, 0);
	if (recv(STDIN_FILENO, &connection, sizeof(connection), 0) !=
	    sizeof(connection))
		_exit(0);
	while (!has_ended(server, server ? AGAIN_MS : SOON_MS)) {
		server = find_server(connection);
		/* If we see the one that waits, /proc is the right one. */
		if (!server)
			ctl_guard_sweep();
	}
	_exit(0);
}

int ctl_guard_start(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	guard = fork();
	if (!guard) {
		close(ends[1]);
		be_guard(ends[0]);
	}
	close(ends[0]);
	if (guard > 0)
		return ends[1];
	close(ends[1]);
	return -EAGAIN;
}

void ctl_guard_tell(int line, uint32_t connection)
{
	send(line, &connection, sizeof(connection), MSG_NOSIGNAL);
}

void ctl_guard_end(void)
{
	waitpid(guard, NULL, 0);
}
