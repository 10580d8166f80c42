// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_listing.c - a READDIRPLUS reply from before the notification, which the
 * kernel puts into its cache of the directory's listing after it.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { OLD_MTIME_S = 1111, NEW_MTIME_S = 2222, ASK_MS = 3000 };

static uint64_t slot;

static bool lists_it(void)
{
	const struct dirent *e;
	bool seen = false;
	DIR *dir = opendir(stage_top_path());

	if (!dir)
		say_broken("cannot open the directory");
	errno = 0;
	while ((e = readdir(dir)))
		seen |= !strcmp(e->d_name, stage_name(slot));
	if (errno)
		say_broken("cannot read the directory: %s", strerror(errno));
	closedir(dir);
	return seen;
}

static void *list(void *unused)
{
	(void)unused;
	lists_it();
	return NULL;
}

static void start(const struct inval_method *m)
{
	stage_start(m, tree_keep_pages);
	tree_keep_listings();
	stage_add(S_IFREG | 0644);
	slot = stage_add(0);
	tree_set_size(stage_top_ino(), OLD_MTIME_S);
}

static void change(void)
{
	tree_link(stage_ino(slot), stage_top_ino(), stage_name(slot));
	tree_set_size(stage_top_ino(), NEW_MTIME_S);
}

/*
 * Without a race, and with the old listing in the cache.  opendir() asks for the
 * attributes, of which each READDIRPLUS makes the atime invalid: the second time
 * that is a GETATTR, which tells the mtime, so that only the third is from the
 * cache.
 */
static bool tells_without_race(const struct inval_method *m)
{
	uint64_t before = 0;
	bool told;

	start(m);
	for (int i = 0; i < 3; i++) {
		before = server_count(FUSE_READDIRPLUS);
		if (lists_it())
			say_broken("the name is there too early");
	}
	if (server_count(FUSE_READDIRPLUS) != before)
		say_broken("the listing isn't cached");
	change();
	stage_notify(m);
	told = lists_it();
	stage_stop();
	return told;
}

/* Another process begins to list, and the older reply comes before its own. */
static void let_another_begin(pthread_t older)
{
	struct fuse_out_header *reply = server_take_held();
	pthread_t newer;

	server_hold(FUSE_READDIRPLUS, 0);
	pthread_create(&newer, NULL, list, NULL);
	if (!poll_until(server_is_holding(), ASK_MS))
		say_broken("the second reader asks nothing");
	server_send(reply);
	pthread_join(older, NULL);
	server_release();
	pthread_join(newer, NULL);
}

static void race(const struct inval_method *m, const char *probe, bool another)
{
	pthread_t older;
	bool waits, stale, still = false;

	start(m);
	server_hold(FUSE_READDIRPLUS, 0);
	pthread_create(&older, NULL, list, NULL);
	server_wait_held();
	change();
	stage_notify_start(m);
	waits = stage_notify_waits();
	/* Who waits has locked others out: nobody can begin. */
	if (another && !waits) {
		let_another_begin(older);
	} else {
		server_release();
		pthread_join(older, NULL);
	}
	stage_notified();
	stale = !lists_it();
	if (stale) {
		stage_notify(m);
		still = !lists_it();
	}
	say_hazard(probe, stale, "%s",
		   still   ? "stale, also after another"
		   : stale ? "stale"
		   : waits ? "waits"
			   : "");
	stage_stop();
}

static void run(const struct inval_method *m)
{
	if (!tells_without_race(m)) {
		say_untestable("one reader",
			       "without a race it doesn't tell either");
		say_untestable("two readers",
			       "without a race it doesn't tell either");
		return;
	}
	race(m, "one reader", false);
	race(m, "two readers", true);
}

const struct hazard hazard_listing = {
	.name = "listing",
	.title = "READDIRPLUS race, listing",
	.note = "Listings are cached (FOPEN_CACHE_DIR).  The reply to a "
		"READDIRPLUS is built, then the directory gets another name "
		"and another mtime, then the method tells it, then the reply "
		"arrives; with two readers, after another process has begun to "
		"list the directory, and before that gets its reply.  Two "
		"readers can only meet where the server lets both in "
		"(FUSE_PARALLEL_DIROPS), and harm only where a reply is what "
		"was there when it was asked for.  stale: "
		"the next listing lacks the name; also after another: and so "
		"does the next after the method told it once more; waits: the "
		"notification comes back only after the reply, so nobody else "
		"is let in before.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
};
