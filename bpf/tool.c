// SPDX-License-Identifier: GPL-2.0-only
#include "tool.h"
#include "bench/lib/status.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_S = 1 }; /* what a reader that doesn't read has then */

static sigset_t signals;
static volatile sig_atomic_t stopped;

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
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction stop = { .sa_handler = on_stop,
				  .sa_flags = SA_RESTART };
	struct sigaction alarmed = { .sa_handler = on_alarm };

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaddset(&signals, caught[i]);
		sigaction(caught[i], &stop, NULL);
	}
	sigaction(SIGALRM, &alarmed, NULL);
	/* Blocked, and asked for: none comes between a look and a sleep. */
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

void tool_print_until_signal(void)
{
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

bool tool_wait(uint64_t until_ns)
{
	struct timespec left, now;
	uint64_t now_ns;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, &signals, &mask);
	for (errno = 0; !stopped && errno != EAGAIN;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		now_ns = now.tv_sec * 1000000000ull + now.tv_nsec;
		left.tv_sec = 0;
		left.tv_nsec = 0;
		if (until_ns > now_ns) {
			left.tv_sec = (until_ns - now_ns) / 1000000000;
			left.tv_nsec = (until_ns - now_ns) % 1000000000;
		}
		errno = 0;
		if (sigtimedwait(&signals, NULL, &left) > 0)
			on_stop(0);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return !stopped;
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
	fprintf(stderr,
		"%s: no FUSE file system is mounted at %s (in this mount "
		"namespace)\n",
		tool, path);
	return STATUS_USAGE;
}
