// SPDX-License-Identifier: GPL-2.0-only
#include "tool.h"
#include "bench/lib/status.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>

static sigset_t signals;
static bool stopped;

void tool_catch_signals(void)
{
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	/* Blocked, and asked for: none comes between a look and a sleep. */
	sigprocmask(SIG_BLOCK, &signals, NULL);
}

bool tool_wait(uint64_t until_ns)
{
	struct timespec left, now;
	uint64_t now_ns;

	while (!stopped) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		now_ns = now.tv_sec * 1000000000ull + now.tv_nsec;
		left.tv_sec = 0;
		left.tv_nsec = 0;
		if (until_ns > now_ns) {
			left.tv_sec = (until_ns - now_ns) / 1000000000;
			left.tv_nsec = (until_ns - now_ns) % 1000000000;
		}
		if (sigtimedwait(&signals, NULL, &left) > 0)
			stopped = true;
		else if (errno == EAGAIN)
			return true;
	}
	return false;
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

int tool_find_mount(const char *tool, const char *path, uint32_t *dev)
{
	struct mounts *m = mounts_scan(NULL);
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
