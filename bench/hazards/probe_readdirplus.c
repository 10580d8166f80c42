// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_readdirplus.c - a READDIRPLUS reply from before the notification, which
 * the kernel consumes after it.
 */
#include <dirent.h>
#include <pthread.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { OLD_BYTES = 1111, NEW_BYTES = 2222 };

static DIR *dir;

static void *read_dir(void *unused)
{
	(void)unused;
	rewinddir(dir);
	while (readdir(dir))
		;
	return NULL;
}

static struct stat look_at(uint64_t slot)
{
	struct stat st = { 0 };

	fstatat(dirfd(dir), stage_name(slot), &st, 0);
	return st;
}

/* Another node under a name, and another size of a node that stays. */
static uint64_t change(uint64_t replaced, uint64_t grown)
{
	tree_set_size(stage_ino(grown), NEW_BYTES);
	return tree_replace(stage_top_ino(), stage_name(replaced),
			    S_IFREG | 0644);
}

/* known: the kernel has them from an earlier listing. */
static void start(const struct inval_method *m, bool known, uint64_t *replaced,
		  uint64_t *grown)
{
	stage_start(m, NULL);
	*replaced = stage_add(S_IFREG | 0644);
	*grown = stage_add(S_IFREG | 0644);
	tree_set_size(stage_ino(*grown), OLD_BYTES);
	dir = opendir(stage_top_path());
	if (!dir)
		say_broken("cannot open the directory");
	if (known)
		read_dir(NULL);
}

static void stop(void)
{
	closedir(dir);
	stage_stop();
}

/* Without a race: what the method doesn't promise is no race of it. */
static void control(const struct inval_method *m, bool *name, bool *attributes)
{
	uint64_t replaced, grown, ino;

	start(m, true, &replaced, &grown);
	ino = change(replaced, grown);
	stage_notify(m);
	*name = look_at(replaced).st_ino == ino;
	*attributes = look_at(grown).st_size == NEW_BYTES;
	stop();
}

static void say(const char *probe, bool promised, bool stale, bool waited)
{
	if (!promised)
		say_untestable(probe, "without a race it doesn't tell either");
	else
		say_hazard(probe, stale, "%s%s", stale ? "stale" : "",
			   !waited ? ""
			   : stale ? ", waits"
				   : "waits");
}

struct race {
	const char *name, *attributes; /* probes */
	bool known;
};

static void race(const struct inval_method *m, const struct race *r, bool name,
		 bool attributes)
{
	uint64_t replaced, grown, ino;
	pthread_t reader;
	struct stat st;
	bool waits;

	start(m, r->known, &replaced, &grown);
	server_hold(FUSE_READDIRPLUS, 0);
	pthread_create(&reader, NULL, read_dir, NULL);
	server_wait_held();
	ino = change(replaced, grown);
	stage_notify_start(m);
	waits = stage_notify_waits();
	server_release();
	pthread_join(reader, NULL);
	stage_notified();
	st = look_at(replaced);
	say(r->name, name, st.st_ino != ino, waits);
	st = look_at(grown);
	say(r->attributes, attributes, st.st_size != NEW_BYTES, waits);
	stop();
}

static void run(const struct inval_method *m)
{
	static const struct race races[] = {
		{ "name", "attributes", true },
		{ "name, first listing", "attributes, first listing", false },
	};
	bool name, attributes;

	control(m, &name, &attributes);
	for (int i = 0; i < 2; i++)
		race(m, &races[i], name, attributes);
}

const struct hazard hazard_readdirplus = {
	.name = "readdirplus",
	.title = "READDIRPLUS race",
	.note = "The reply to a READDIRPLUS is built, then a name gets another "
		"inode and an inode another size, then the method tells it, "
		"then the reply arrives.  The kernel knows both from an "
		"earlier listing, or not yet: then a message about them finds "
		"nothing (ENOENT).  A process with the directory open "
		"looks again.  stale: it sees the old one, for as long as the "
		"reply said; waits: the notification comes back only after the "
		"reply.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
};
