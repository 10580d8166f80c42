// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "child_note.h"
#include "bench/lib/clock.h"
#include "bench/lib/process_stat.h"
#include "bench/lib/rights.h"
#include "bench/lib/status.h"
#include "fusectl.h"
#include "namespace.h"
#include "said.h"

#define NS_PER_S 1000000000ULL
/* Until what was aborted and killed must be gone. */
enum { END_MS = 5000, LOOK_MS = 20, HANG_LOOK_NS = 500000000 };

/* Seen by parent, guard and child, so that each can do without the others. */
static struct shared {
	_Atomic unsigned int connection;
	_Atomic pid_t child;
	struct child_note note; /* of the child; its descriptor is the parent's */
} * shared;

static int fusectl = -1, lifeline = -1;
static int abort_fd = -1; /* in the child: see child_abort() */
static struct child_note note; /* in the child */
static pid_t guard;
static sigset_t old_mask; /* ours blocks what interrupts, but in ppoll() */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

bool child_interrupted(void)
{
	sigset_t pending;

	sigpending(&pending);
	return interrupted || sigismember(&pending, SIGINT) ||
	       sigismember(&pending, SIGTERM);
}

void child_uses(unsigned int connection)
{
	shared->connection = connection;
	if (abort_fd >= 0)
		close(abort_fd);
	abort_fd = connection ? fusectl_abort_open(fusectl, connection) : -1;
	child_note_write(&note, connection);
}

/*
 * Gets it out of whatever it waits for; the rest is up to the kernel.  The next mount of
 * anybody gets the number of a connection that is gone.  While the child lives its own
 * isn't; and a descriptor stays that of the connection it was opened for.
 */
static void stop(pid_t child)
{
	int fd = shared->connection
			 ? fusectl_abort_open(fusectl, shared->connection)
			 : -1;

	if (fd >= 0 && process_lives(child) && write(fd, "1", 1) != 1)
		perror("epochbench: cannot abort a connection");
	if (fd >= 0)
		close(fd);
	kill(-child, SIGKILL);
}

/* It reads until the parent has closed its end, or has ended. */
static void __attribute__((noreturn)) be_guard(int fd)
{
	pid_t child;
	char byte;

	setsid(); /* what the terminal sends isn't for us */
	/* Nor what killall -9 sends to the others. */
	prctl(PR_SET_NAME, "hazard-guard");
	for (int std = STDIN_FILENO; std <= STDERR_FILENO; std++)
		close(std);
	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	child = shared->child;
	for (int ms = 0; child && ms < END_MS; ms += LOOK_MS) {
		stop(child);
		if (kill(child, 0)) {
			unlink(shared->note.path);
			break;
		}
		usleep(LOOK_MS * 1000);
	}
	_exit(0);
}

static int start_guard(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	guard = fork();
	if (!guard) {
		close(ends[1]);
		be_guard(ends[0]);
	}
	close(ends[0]);
	lifeline = ends[1];
	return guard < 0 ? -errno : 0;
}

static void catch_interrupts(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_interrupt };
	sigset_t mask;

	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&mask, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &mask, &old_mask);
}

int child_begin(char *err, size_t err_len)
{
	int ret;

	fusectl = fusectl_open();
	if (fusectl < 0) {
		snprintf(err, err_len,
			 "cannot have a fusectl of our own: %s%s; without it a "
			 "deadlock would stay",
			 strerror(-fusectl),
			 rights_hint(fusectl, CAP_SYS_ADMIN));
		return fusectl;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ret = shared == MAP_FAILED ? -errno : start_guard();
	if (ret)
		snprintf(err, err_len, "cannot start: %s", strerror(-ret));
	catch_interrupts();
	return ret;
}

void child_end(void)
{
	close(lifeline);
	if (guard > 0)
		waitpid(guard, NULL, 0);
	close(fusectl);
}

static void fail(const char *what)
{
	printf(SAID_SKIP "%s: %s: needs root\n", what, strerror(errno));
	exit(STATUS_SKIP);
}

/* Mounts of others that go away meanwhile go here, too: slave, not private. */
static void enter_namespace(void)
{
	int err = namespace_own(MS_SLAVE);

	if (err) {
		errno = -err;
		fail("no mount namespace");
	}
	if (mount("epochbench", "/tmp", "tmpfs", 0, "mode=0700"))
		fail("no tmpfs");
	err = fusectl_mount();
	if (err) {
		errno = -err;
		fail("no fusectl");
	}
}

/*
 * A probe that ends early has files open on its mount: closing them, before the
 * server's own descriptor, would ask a server that isn't there any more.  Early
 * may mean that there was no descriptor left to open anything with.
 */
void child_abort(void)
{
	if (abort_fd >= 0 && write(abort_fd, "1", 1) == 1)
		return;
	if (shared->connection)
		fusectl_abort(fusectl, shared->connection);
}

static void __attribute__((noreturn))
be_child(int out, void (*run)(const void *), const void *arg)
{
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
	close(lifeline); /* or the guard would wait for us, too */
	note = shared->note;
	child_note_adopt(&note);
	dup2(out, STDOUT_FILENO);
	close(out);
	enter_namespace();
	atexit(child_abort);
	run(arg);
	fflush(stdout);
	_exit(0);
}

/* What is left until then, or a part of it; none: it is over. */
static bool time_left(uint64_t until_ns, struct timespec *left)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (now_ns >= until_ns)
		return false;
	if (until_ns - now_ns > HANG_LOOK_NS)
		until_ns = now_ns + HANG_LOOK_NS;
	left->tv_sec = (time_t)((until_ns - now_ns) / NS_PER_S);
	left->tv_nsec = (long)((until_ns - now_ns) % NS_PER_S);
	return true;
}

/* It was killed, or ended, but some of its threads are stuck in the kernel. */
static bool hangs(pid_t child)
{
	return process_stat(child, PROCESS_STATE) == 'Z' ||
	       process_stat(child, PROCESS_PENDING) & 1 << (SIGKILL - 1);
}

/* Reads all it says, until its end.  Returns 0, -ETIME, or -EINTR. */
static int listen_to(pid_t child, int fd, struct said *said,
		     unsigned int limit_s)
{
	uint64_t until_ns = clock_monotonic_ns() + limit_s * NS_PER_S;
	struct pollfd polls[] = { { .fd = fd, .events = POLLIN },
				  { .fd = pidfd_open(child, 0),
				    .events = POLLIN } };
	struct timespec left;
	int ret = -ETIME;

	while (time_left(until_ns, &left)) {
		int ready = ppoll(polls, 2, &left, &old_mask);

		if (ready < 0 && interrupted) {
			ret = -EINTR;
			break;
		}
		if (!ready && hangs(child))
			stop(child);
		/* Processes that it has left keep the pipe open. */
		if (ready > 0 && polls[1].revents)
			kill(-child, SIGKILL);
		if (ready > 0 && polls[0].revents && !said_read(said, fd)) {
			ret = 0;
			break;
		}
	}
	close(polls[1].fd);
	return ret;
}

/* Waits for its end, and helps after a while; a status as of wait(), or -1. */
static int reap(pid_t child)
{
	int status = -1;

	for (int ms = 0; ms < END_MS; ms += LOOK_MS) {
		if (waitpid(child, &status, WNOHANG))
			return status;
		if (ms >= END_MS / 2)
			stop(child);
		usleep(LOOK_MS * 1000);
	}
	return -1;
}

/* Runs it to its end; *err: how that came. */
static int run_child(void (*run)(const void *), const void *arg,
		     unsigned int limit_s, struct said *said, int *err)
{
	int out[2], status = 0;
	pid_t child;

	*err = pipe2(out, O_CLOEXEC) ? -errno : 0;
	if (*err)
		return -1;
	fflush(NULL);
	shared->connection = 0;
	child_note_begin(&shared->note);
	child = fork();
	if (!child) {
		close(out[0]);
		be_child(out[1], run, arg);
	}
	close(out[1]);
	*err = child < 0 ? -errno : 0;
	if (!*err) {
		setpgid(child, child);
		shared->child = child;
		*err = listen_to(child, out[0], said, limit_s);
		if (*err)
			stop(child);
		status = reap(child);
		shared->child = 0;
		kill(-child, SIGKILL); /* what it has started */
	}
	child_note_end(&shared->note);
	close(out[0]);
	return status;
}

json_t *child_run(void (*run)(const void *), const void *arg,
		  unsigned int limit_s)
{
	struct said said = { 0 };
	int err, status = run_child(run, arg, limit_s, &said, &err);

	return said_end(&said, err, status, limit_s);
}

json_t *child_run_long(void (*run)(const void *), const void *arg,
		       unsigned int limit_s, int *err)
{
	struct said said = { 0 };
	int status = run_child(run, arg, limit_s, &said, err);

	/* Whoever interrupts wants to see no complaint about the child. */
	return *err == -EINTR ? said_end(&said, 0, 0, limit_s)
			      : said_end(&said, *err, status, limit_s);
}
