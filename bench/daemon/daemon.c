// SPDX-License-Identifier: GPL-2.0-only
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/lib/mount_tables.h"
#include "bench/lib/pulse.h"
#include "bench/wire/strace.h"
#include "command.h"

/* A command that hasn't mounted has hung if it didn't run for so long. */
#define IDLE_NS 30000000000ULL
enum { LOOK_MS = 200, WORDS_BYTES = 240 };

/* What it has said, after a sentence. */
static int complain(const struct daemon *d, int err, const char *what,
		    char *buf, size_t len)
{
	char words[WORDS_BYTES];

	keeper_words(d->keeper, words, sizeof(words));
	snprintf(buf, len, "%s; it says%s %s", what, *words ? ":" : "",
		 *words ? words : "nothing");
	return err;
}

/* 0: it may still mount. */
static int check_command(const struct daemon *d, char *err, size_t len)
{
	char what[80];
	int status;

	if (!keeper_command_ended(d->keeper, &status))
		return 0;
	if (WIFSIGNALED(status))
		snprintf(what, sizeof(what),
			 "the command was killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(what, sizeof(what), "the command ended with status %d",
			 WEXITSTATUS(status));
	if (status)
		return complain(d, -ECHILD, what, err, len);
	if (!keeper_is_empty(d->keeper))
		return 0;
	return complain(d, -ECHILD, "the command ended, and nothing is mounted",
			err, len);
}

/* 0: none yet.  In what was mounted meanwhile, the uppermost counts. */
static uint32_t find_mount(const char *path)
{
	struct mount_tables *m = mount_tables_read(true);
	const struct mount *mount = m ? mount_tables_at(m, path) : NULL;
	uint32_t dev = mount && mount_is_fuse(mount) ? mount->dev : 0;

	mount_tables_free(m);
	return dev;
}

static int await_mount(struct daemon *d, const char *path,
		       const volatile sig_atomic_t *stop, char *err, size_t len)
{
	struct pulse pulse = { .idle_ns = IDLE_NS };
	struct pollfd events[] = {
		{ .fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC),
		  .events = POLLPRI },
		{ .fd = keeper_event_fd(d->keeper), .events = POLLIN },
	};
	int ret = 0;

	while (!ret && !d->dev) {
		bool ended = keeper_is_empty(d->keeper);

		keeper_event_taken(d->keeper);
		d->dev = find_mount(path);
		if (*stop)
			ret = -ECANCELED;
		else if (!d->dev || ended)
			ret = check_command(d, err, len);
		if (!ret && !d->dev &&
		    !pulse_beats(&pulse, keeper_cpu_ns(d->keeper),
				 clock_monotonic_ns()))
			ret = complain(d, -ETIMEDOUT,
				       "the command hasn't mounted, and does "
				       "nothing any more",
				       err, len);
		if (!ret && !d->dev)
			poll(events, 2, LOOK_MS);
	}
	close(events[0].fd);
	return ret;
}

/* It has answered when what it serves is there. */
static int check_name(const struct daemon *d,
		      const struct daemon_places *places, char *err, size_t len)
{
	char path[PATH_MAX], what[200];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", places->mount, places->name);
	if (!lstat(path, &st))
		return 0;
	snprintf(what, sizeof(what),
		 "what is mounted has no \"%.100s\", as {source} has: %s",
		 places->name, strerror(errno));
	return complain(d, -ENOENT, what, err, len);
}

static int lend(struct daemon *d, const char *path, char *err, size_t len)
{
	struct mount_tables *m = mount_tables_read(true);
	const struct mount *mount = m ? mount_tables_at(m, path) : NULL;
	int ret = 0;

	if (!mount) {
		snprintf(err, len, "it was unmounted at once");
		ret = -ENODEV;
	} else if (borrow(mount, 0, &d->loan, err, len)) {
		ret = -EACCES;
	}
	mount_tables_free(m);
	return ret;
}

/* For the shell; NULL: no memory. */
static char *fill(const char *command, const struct daemon_places *places)
{
	const struct command_place words[] = { { "source", places->source },
					       { "mount", places->mount },
					       { "scratch", places->scratch },
					       { NULL, NULL } };
	char *filled = command_fill(command, words), *traced;
	const struct command_place trace[] = { { "trace", places->trace },
					       { "command", filled },
					       { NULL, NULL } };

	if (!filled || !places->trace)
		return filled;
	traced = command_fill(STRACE_COMMAND, trace);
	free(filled);
	return traced;
}

int daemon_start(struct daemon *d, const char *command,
		 const struct daemon_places *places, const cpu_set_t *cpus,
		 const volatile sig_atomic_t *stop, char *err, size_t err_len)
{
	int ret;

	*d = (struct daemon){ .loan = { .dev = -1, .pidfd = -1 } };
	d->text = fill(command, places);
	if (d->text)
		d->keeper = keeper_start(d->text, cpus, stop, err, err_len);
	if (!d->keeper)
		return -ENOMEM;
	ret = await_mount(d, places->mount, stop, err, err_len);
	if (ret)
		return ret;
	keeper_serves(d->keeper, d->dev);
	ret = check_name(d, places, err, err_len);
	return ret ? ret : lend(d, places->mount, err, err_len);
}

int daemon_join(struct daemon *d, const char *mount, char *err, size_t err_len)
{
	*d = (struct daemon){ .loan = { .dev = -1, .pidfd = -1 },
			      .dev = find_mount(mount) };
	if (d->dev)
		return lend(d, mount, err, err_len);
	snprintf(err, err_len, "%s: no FUSE file system is mounted there",
		 mount);
	return -ENODEV;
}

bool daemon_end(struct daemon *d)
{
	bool by_itself;

	borrow_end(&d->loan);
	by_itself = !d->keeper || keeper_end(d->keeper);
	free(d->text);
	*d = (struct daemon){ .loan = { .dev = -1, .pidfd = -1 } };
	return by_itself;
}
