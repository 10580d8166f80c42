// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_data.c - is what was cached of an inode asked for again if READDIRPLUS
 * confirms its name before anybody walks there?
 *
 * All from a descriptor of the directory: a walk would find that stale first.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cached.h"
#include "kernel/testfs/client.h"
#include "methods.h"
#include "stage.h"

static uint64_t slots[CACHED_KINDS];
static int dir;

static void start(const struct inval_method *m)
{
	stage_start(m, cached_configure);
	for (int i = 0; i < CACHED_KINDS; i++)
		slots[i] = cached_add(&cached_kinds[i]);
	dir = open(stage_top_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < CACHED_KINDS; i++)
		cached_warm_up(&cached_kinds[i], dir, slots[i]);
}

/* Which kinds ask, with or without a listing after the method. */
static void look(const struct inval_method *m, bool listed, bool *asked)
{
	start(m);
	stage_notify(m);
	if (listed)
		list_fd(dir);
	for (int i = 0; i < CACHED_KINDS; i++)
		asked[i] = cached_asks(&cached_kinds[i], dir, slots[i]);
	close(dir);
	stage_stop();
}

static void run(const struct inval_method *m)
{
	bool walked[CACHED_KINDS], listed[CACHED_KINDS];

	look(m, false, walked);
	look(m, true, listed);
	for (int i = 0; i < CACHED_KINDS; i++)
		if (walked[i])
			say_hazard(cached_kinds[i].name, !listed[i], "%s",
				   listed[i] ? "" : "old");
		else
			say_untestable(cached_kinds[i].name,
				       "without a listing it doesn't drop it "
				       "either");
}

const struct hazard hazard_data = {
	.name = "data",
	.title = "Pages and link targets after READDIRPLUS",
	.note = "A file's pages, a symlink's target and a file's POSIX ACL are "
		"cached (FOPEN_KEEP_CACHE, FUSE_CACHE_SYMLINKS, "
		"FUSE_POSIX_ACL); the method, about all of them; then somebody "
		"with the directory open lists it, and READDIRPLUS says that "
		"all are as they were: the same node, size and mtime.  old: "
		"what is cached isn't asked for again.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
