// SPDX-License-Identifier: GPL-2.0-only
#include "theirs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "bench/daemon/cached.h"
#include "bench/daemon/command.h"
#include "bench/daemon/facts.h"
#include "bench/lib/clock.h"

int theirs_begin(struct theirs *t, const struct theirs_commands *c,
		 const char *mount, char *err, size_t len)
{
	const struct command_place places[] = { { "source", t->served.source },
						{ "mount", mount },
						{ "scratch",
						  t->served.scratch },
						{ NULL, NULL } };
	struct record_daemon *facts = &t->facts;
	int ret;

	*t = (struct theirs){ .served.change = c->change };
	snprintf(facts->command, sizeof(facts->command), "%s", c->daemon);
	snprintf(facts->change, sizeof(facts->change), "%s", c->change ?: "");
	snprintf(facts->notify, sizeof(facts->notify), "%s", c->notify ?: "");
	ret = served_begin(&t->served, err, len);
	if (ret || !c->notify)
		return ret;
	t->notify = command_fill(c->notify, places);
	return t->notify ? 0 : -ENOMEM;
}

void theirs_end(struct theirs *t)
{
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
}

int theirs_open(struct bench *b)
{
	struct theirs *t = b->theirs;
	const struct daemon_places places = { .source = t->served.source,
					      .mount = b->mp.path,
					      .scratch = t->served.scratch,
					      .name = TREE_TOP_NAME };
	char why[BORROW_WHY_BYTES];
	int err = served_make(&t->served, &b->tree, why, sizeof(why));

	free(t->ino);
	t->cpu_ns = 0;
	t->ino = calloc(b->tree.n + 1, sizeof(*t->ino));
	if (!t->ino)
		return bench_fail(b, -ENOMEM, "no memory");
	if (!err)
		err = daemon_start(&t->daemon, t->facts.command, &places,
				   &b->daemon_cpus, &bench_interrupted, why,
				   sizeof(why));
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
	err = mount_point_umount(&b->mp, failed);
	daemon_end(d);
	return err ? bench_fail(b, err, "umount %s: %s", b->mp.path,
				strerror(-err))
		   : 0;
}

/* Nobody knows when it has read all; what it was asked before it has answered. */
int theirs_drain(struct bench *b, uint64_t *at)
{
	struct statfs sfs;

	if (statfs(b->mp.path, &sfs))
		return bench_fail(b, -errno, "statfs: %s", strerror(errno));
	*at = clock_now();
	return 0;
}

uint64_t theirs_cpu_ns(struct theirs *t)
{
	uint64_t now = keeper_cpu_ns(t->daemon.keeper);

	if (now > t->cpu_ns)
		t->cpu_ns = now;
	return t->cpu_ns;
}

/* Counts the names of which that is true. */
static uint64_t count(const struct bench *b,
		      bool (*is)(const struct bench *b, uint64_t slot,
				 const char *path))
{
	char path[sizeof(b->mp.path) + 1 + TREE_PATH_MAX];
	size_t base = strlen(b->mp.path);
	uint64_t cnt = 0;

	memcpy(path, b->mp.path, base);
	path[base++] = '/';
	for (uint64_t slot = 1; slot <= b->tree.n; slot++) {
		tree_path(&b->tree, slot, path + base);
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
