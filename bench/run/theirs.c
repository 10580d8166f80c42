// SPDX-License-Identifier: GPL-2.0-only
#include "theirs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "bench/daemon/answers.h"
#include "bench/daemon/cached.h"
#include "bench/daemon/command.h"
#include "bench/daemon/facts.h"
#include "bench/daemon/mounted.h"
#include "bench/host/cpu_time.h"
#include "bench/lib/clock.h"

static int begin_served(struct theirs *t, const struct theirs_commands *c,
			char *err, size_t len)
{
	const struct command_place places[] = { { "source", t->served.source },
						{ "mount", t->root },
						{ "scratch",
						  t->served.scratch },
						{ NULL, NULL } };
	int ret = served_begin(&t->served, NULL, err, len);

	t->served.change = c->change;
	if (ret || !c->notify)
		return ret;
	t->notify = command_fill(c->notify, places);
	return t->notify ? 0 : -ENOMEM;
}

static int begin_mounted(struct theirs *t, const char *mount, uint64_t *n,
			 char *err, size_t len)
{
	int ret;

	if (!realpath(mount, t->root)) {
		snprintf(err, len, "%s: %s", mount, strerror(errno));
		return -errno;
	}
	ret = daemon_join(&t->daemon, t->root, err, len);
	daemon_end(&t->daemon);
	if (ret)
		return ret;
	t->mounted = mounted_find(t->root, n, err, len);
	return t->mounted ? 0 : -ENODEV;
}

int theirs_begin(struct theirs *t, const struct theirs_commands *c,
		 const char *mount, uint64_t *n, char *err, size_t len)
{
	struct record_daemon *facts = &t->facts;

	*t = (struct theirs){ .ino = NULL };
	snprintf(t->root, sizeof(t->root), "%s", mount);
	snprintf(facts->command, sizeof(facts->command), "%s",
		 c->daemon ?: c->mount);
	snprintf(facts->change, sizeof(facts->change), "%s", c->change ?: "");
	snprintf(facts->notify, sizeof(facts->notify), "%s", c->notify ?: "");
	facts->changes = !c->mount;
	return c->mount ? begin_mounted(t, c->mount, n, err, len)
			: begin_served(t, c, err, len);
}

void theirs_end(struct theirs *t)
{
	mounted_free(t->mounted);
	if (t->facts.changes)
		served_end(&t->served);
	free(t->notify);
	free(t->ino);
}

void theirs_note_facts(struct theirs *t)
{
	struct record_daemon *facts = &t->facts;
	pid_t pid = t->daemon.loan.pid;

	snprintf(facts->program, sizeof(facts->program), "%s",
		 t->daemon.loan.comm);
	facts_library(pid, facts->library, sizeof(facts->library));
	facts->threads = facts_threads(pid);
	facts->devices = facts_devices(pid);
	facts_package(pid, facts->package, sizeof(facts->package));
}

void theirs_ask(const struct bench *b, struct record_answers *a)
{
	const struct theirs *t = b->theirs;
	struct answers said = {
		.untraced = "it is in use, and strace would slow it down"
	};

	if (!t->mounted)
		answers_ask(t->facts.command, t->served.change, NULL,
			    &b->daemon_cpus, &bench_interrupted, &said);
	*a = (struct record_answers){ .minor = said.said.minor,
				      .readdirplus = said.said.readdirplus };
	snprintf(a->untraced, sizeof(a->untraced), "%s", said.untraced);
	snprintf(a->entry, sizeof(a->entry), "%s", said.said.entry);
	snprintf(a->attr, sizeof(a->attr), "%s", said.said.attr);
	snprintf(a->negative, sizeof(a->negative), "%s", said.said.negative);
	snprintf(a->notified, sizeof(a->notified), "%s", said.said.notified);
}

static int start(struct bench *b, char *why, size_t len)
{
	struct theirs *t = b->theirs;
	const struct daemon_places places = { .source = t->served.source,
					      .mount = t->root,
					      .scratch = t->served.scratch,
					      .name = TREE_TOP_NAME };
	int err = served_make(&t->served, &b->tree, why, len);

	return err ? err
		   : daemon_start(&t->daemon, t->facts.command, &places,
				  &b->daemon_cpus, &bench_interrupted, why,
				  len);
}

int theirs_open(struct bench *b)
{
	struct theirs *t = b->theirs;
	char why[BORROW_WHY_BYTES];
	int err;

	free(t->ino);
	t->cpu_ns = 0;
	t->ino = calloc(b->tree.n + 1, sizeof(*t->ino));
	if (!t->ino)
		return bench_fail(b, -ENOMEM, "no memory");
	err = t->mounted ? daemon_join(&t->daemon, t->root, why, sizeof(why))
			 : start(b, why, sizeof(why));
	if (err)
		return bench_fail(b, err, "%s", why);
	b->dev = t->daemon.dev;
	return 0;
}

int theirs_close(struct bench *b, struct sample *s)
{
	bool failed = b->fail[0] || bench_interrupted;
	struct daemon *d = &b->theirs->daemon;
	int err;

	if (d->loan.dev >= 0 && !s->daemon_rss_bytes)
		s->daemon_rss_bytes = facts_peak_bytes(d->loan.pid);
	err = b->theirs->mounted ? 0 : mount_point_umount(&b->mp, failed);
	daemon_end(d);
	return err ? bench_fail(b, err, "umount %s: %s", b->mp.path,
				strerror(-err))
		   : 0;
}

/* Nobody knows when it has read all; what it was asked before it has answered. */
int theirs_drain(struct bench *b, uint64_t *at)
{
	struct statfs sfs;

	if (statfs(b->theirs->root, &sfs))
		return bench_fail(b, -errno, "statfs: %s", strerror(errno));
	*at = clock_now();
	return 0;
}

bool theirs_was_hung(const struct theirs *t)
{
	return t->daemon.keeper && keeper_was_hung(t->daemon.keeper);
}

uint64_t theirs_cpu_ns(struct theirs *t)
{
	uint64_t now = t->mounted ? cpu_time_of(t->daemon.loan.pid)
				  : keeper_cpu_ns(t->daemon.keeper);

	if (now > t->cpu_ns)
		t->cpu_ns = now;
	return t->cpu_ns;
}

void theirs_path(const struct bench *b, uint64_t slot, char *path, size_t len)
{
	const struct theirs *t = b->theirs;
	char local[TREE_PATH_MAX];

	if (!t->mounted)
		tree_path(&b->tree, slot, local);
	snprintf(path, len, "%s/%s", t->root,
		 t->mounted ? mounted_name(t->mounted, slot) : local);
}

/* Counts the names of which that is true. */
static uint64_t count(const struct bench *b,
		      bool (*is)(const struct bench *b, uint64_t slot,
				 const char *path))
{
	char path[PATH_MAX];
	uint64_t cnt = 0;

	for (uint64_t slot = 1; slot <= b->tree.n; slot++) {
		theirs_path(b, slot, path, sizeof(path));
		cnt += is(b, slot, path);
	}
	return cnt;
}

static bool is_cached(const struct bench *b, uint64_t slot, const char *path)
{
	(void)b, (void)slot;
	return cached_look(AT_FDCWD, path) == CACHED_YES;
}

uint64_t theirs_cached_cnt(const struct bench *b)
{
	return count(b, is_cached);
}

/* As the kernel has it: that asks nothing where the name is known. */
static bool is_renumbered(const struct bench *b, uint64_t slot,
			  const char *path)
{
	uint64_t *ino = &b->theirs->ino[slot], before = *ino;
	struct statx stx;

	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
		  STATX_INO, &stx))
		return false;
	*ino = stx.stx_ino;
	return before != *ino;
}

uint64_t theirs_renumbered_cnt(const struct bench *b)
{
	return count(b, is_renumbered);
}
