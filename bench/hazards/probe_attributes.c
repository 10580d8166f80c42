// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_attributes.c - a GETATTR reply from before the notification that meets
 * the first answer from after it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { OLD_BYTES = 1111, NEW_BYTES = 2222, ASK_MS = 1000 };

static uint64_t slot;
static int file;

static void *ask_by_fd(void *unused)
{
	struct statx stx;

	(void)unused;
	statx(file, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
	      &stx);
	return NULL;
}

static uint64_t size_by_path(void)
{
	struct statx stx = { 0 };

	statx(stage_top(), stage_name(slot), 0, STATX_SIZE, &stx);
	return stx.stx_size;
}

/* A LOOKUP and no more: a GETATTR would make up for it. */
static void *ask_by_path(void *names)
{
	if (names)
		close(openat(stage_top(), stage_name(slot), O_PATH));
	else
		size_by_path();
	return NULL;
}

static void start(const struct inval_method *m)
{
	stage_start(m, NULL);
	slot = stage_add(S_IFREG | 0644);
	tree_set_size(stage_ino(slot), OLD_BYTES);
	file = open(stage_path(slot), O_RDWR);
	ask_by_fd(NULL);
}

static void stop(void)
{
	close(file);
	stage_stop();
}

static bool tells_without_race(const struct inval_method *m)
{
	bool told;

	start(m);
	tree_set_size(stage_ino(slot), NEW_BYTES);
	stage_notify(m);
	told = size_by_path() == NEW_BYTES;
	stop();
	return told;
}

/* An older GETATTR is in flight when the file changes and the method tells. */
static pthread_t cross(const struct inval_method *m)
{
	pthread_t older;

	server_hold(FUSE_GETATTR, 0);
	pthread_create(&older, NULL, ask_by_fd, NULL);
	server_wait_held();
	tree_set_size(stage_ino(slot), NEW_BYTES);
	stage_notify_start(m);
	return older;
}

static void say(const char *probe)
{
	bool stale = size_by_path() != NEW_BYTES;

	say_hazard(probe, stale, "%s", stale ? "stale" : "");
}

static void older_comes_last(const struct inval_method *m)
{
	pthread_t older;

	start(m);
	older = cross(m);
	size_by_path();
	server_release();
	pthread_join(older, NULL);
	stage_notified();
	say("older reply last");
	stop();
}

static void older_comes_first(const struct inval_method *m)
{
	uint32_t asked =
		m->guarantee == GUARANTEE_ATTRS ? FUSE_GETATTR : FUSE_LOOKUP;
	struct fuse_out_header *reply;
	pthread_t older, newer;

	start(m);
	older = cross(m);
	reply = server_take_held();
	server_hold(asked, 0);
	pthread_create(&newer, NULL, ask_by_path,
		       asked == FUSE_LOOKUP ? &newer : NULL);
	if (!poll_until(server_is_holding(), ASK_MS))
		say_broken("no request came to be held");
	server_send(reply);
	pthread_join(older, NULL);
	server_release();
	pthread_join(newer, NULL);
	stage_notified();
	say("older reply first");
	stop();
}

static void run(const struct inval_method *m)
{
	if (!tells_without_race(m)) {
		say_untestable("older reply last",
			       "without a race it doesn't tell either");
		say_untestable("older reply first",
			       "without a race it doesn't tell either");
		return;
	}
	older_comes_last(m);
	older_comes_first(m);
}

const struct hazard hazard_attributes = {
	.name = "attributes",
	.title = "Attribute race",
	.note = "A file is open, and a GETATTR on it in flight; the file "
		"changes; the method tells it; the next access asks (LOOKUP or "
		"GETATTR).  Of both replies the older one arrives last, or "
		"first.  stale: the next access by path sees the old size, for "
		"as long as that reply said.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
};
