// SPDX-License-Identifier: GPL-2.0-only
#include "tool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "bench/lib/status.h"
#include "bench/lib/text.h"

enum { GRACE_S = 1 }; /* what a reader that doesn't read has then */

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
static sigset_t signals;
static volatile sig_atomic_t stopped;
/* Who reads what is printed, and a process: the tool ends with either. */
static struct pollfd watched[] = { { .fd = -1 }, /* stdout */
				   { .fd = -1, .events = POLLIN } };

static void on_stop(int sig)
{
	(void)sig;
	stopped = 1;
	alarm(GRACE_S);
}

/* Who writes to somebody that doesn't read gets EINTR, again and again. */
static void on_alarm(int sig)
{
	(void)sig;
	alarm(GRACE_S);
}

void tool_catch_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop,
				  .sa_flags = SA_RESTART };
	struct sigaction alarmed = { .sa_handler = on_alarm };

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaddset(&signals, caught[i]);
		sigaction(caught[i], &stop, NULL);
	}
	sigaction(SIGALRM, &alarmed, NULL);
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

void tool_print_until_signal(void)
{
	watched[0].fd = STDOUT_FILENO;
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

int tool_watch(const char *tool, unsigned int pid)
{
	watched[1].fd = pidfd_open(pid, 0);
	if (watched[1].fd >= 0)
		return 0;
	if (errno == ESRCH)
		fprintf(stderr, "%s: no process has the PID %u\n", tool, pid);
	else
		fprintf(stderr,
			"%s: %u can't be watched: it is a thread of a process, "
			"whose PID is asked for, or: %s\n",
			tool, pid, strerror(errno));
	return STATUS_USAGE;
}

int tool_unread(void)
{
	return watched[0].revents & (POLLERR | POLLHUP) ? -EPIPE : 0;
}

bool tool_wait(uint64_t until_ns)
{
	struct timespec left, now;
	sigset_t mask, open;
	uint64_t now_ns;
	int ready = -1;

	sigprocmask(SIG_BLOCK, &signals, &mask);
	open = mask;
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
		sigdelset(&open, caught[i]);
	while (!stopped && ready < 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		now_ns = now.tv_sec * 1000000000ull + now.tv_nsec;
		left.tv_sec = 0;
		left.tv_nsec = 0;
		if (until_ns > now_ns) {
			left.tv_sec = (until_ns - now_ns) / 1000000000;
			left.tv_nsec = (until_ns - now_ns) % 1000000000;
		}
		/* None comes between a look and a sleep. */
		ready = ppoll(watched, 2, &left, &open);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return !stopped && !ready;
}

bool tool_stops(void)
{
	return !tool_wait(0);
}

struct trace *tool_open(const char *tool, const struct trace_options *options)
{
	char why[512];
	struct trace *t = trace_open(options, why, sizeof(why));

	if (!t)
		fprintf(stderr, "%s: %s\n", tool, why);
	return t;
}

void tool_announce(const char *tool, const struct trace *t,
		   const char *without_epochs)
{
	const struct trace_features *f = trace_features(t);
	struct utsname u;

	uname(&u);
	fprintf(stderr, "%s: tracing FUSE on %s", tool, u.release);
	if (!f->epochs)
		fprintf(stderr, ", which has no epochs: %s", without_epochs);
	fputc('\n', stderr);
	if (*f->missing)
		fprintf(stderr,
			"%s: this kernel has inlined or lacks, so that it "
			"isn't seen: %s\n",
			tool, f->missing);
	if (f->module)
		fprintf(stderr,
			"%s: the fuse module can't be unloaded meanwhile\n",
			tool);
}

void tool_complain(const char *tool, int err)
{
	fprintf(stderr, "%s: can't go on: %s\n", tool,
		err == -EINTR
			? "nobody read what it printed, until a signal came"
			: strerror(-err));
}

int tool_find_mount(const char *tool, const char *path, uint32_t *dev)
{
	struct mounts *m = mounts_scan(NULL, NULL);
	char *plain;
	int err;

	if (!m) {
		fprintf(stderr,
			"%s: the mount table can't be read: is /proc "
			"mounted?\n",
			tool);
		return STATUS_FAILED;
	}
	err = mounts_dev_at(m, path, dev);
	mounts_free(m);
	if (!err)
		return 0;
	plain = text_escape(path);
	fprintf(stderr,
		"%s: no FUSE file system is mounted at %s (in this mount "
		"namespace)\n",
		tool, plain ? plain : "that place");
	free(plain);
	return STATUS_USAGE;
}
