// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_submount.c - is what is mounted below a directory detached?
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/host/namespace.h"
#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

static const char here[] = "/proc/self/task/%d/mounts";

static struct place {
	const char *name;
	bool below; /* on a directory in it, which no message is about */
	bool elsewhere; /* in another mount namespace only */
	bool replaced; /* the name has another node when the method tells */
	uint64_t slot;
	char path[64]; /* where it is mounted, below the root of ours */
	char table[64]; /* the mounts that it is seen in */
	bool gone;
} places[] = {
	{ .name = "below the name", .below = true },
	{ .name = "on the name" },
	{ .name = "below, in another namespace",
	  .below = true,
	  .elsewhere = true },
	{ .name = "below, another node", .below = true, .replaced = true },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

static void mount_one(struct place *place)
{
	if (mount("none", server_path(place->path), "tmpfs", 0, NULL))
		say_broken("cannot mount a tmpfs on %s", place->path);
	snprintf(place->table, sizeof(place->table), here, gettid());
}

static pthread_barrier_t mounted, finished;

/* A thread of its own can be in a mount namespace of its own. */
static void *live_elsewhere(void *unused)
{
	(void)unused;
	if (namespace_own(MS_PRIVATE))
		say_broken("no second mount namespace");
	for (int i = 0; i < PLACES; i++)
		if (places[i].elsewhere)
			mount_one(&places[i]);
	pthread_barrier_wait(&mounted);
	pthread_barrier_wait(&finished);
	return NULL;
}

static void mount_all(pthread_t *other)
{
	for (int i = 0; i < PLACES; i++)
		places[i].slot = stage_add(S_IFDIR | 0755);
	for (int i = 0; i < PLACES; i++) {
		struct place *place = &places[i];

		tree_add(stage_ino(place->slot), "below", S_IFDIR | 0755);
		snprintf(place->path, sizeof(place->path), "%s/%s%s",
			 TREE_TOP_NAME, stage_name(place->slot),
			 place->below ? "/below" : "");
		if (!place->elsewhere)
			mount_one(place);
	}
	pthread_barrier_init(&mounted, NULL, 2);
	pthread_barrier_init(&finished, NULL, 2);
	pthread_create(other, NULL, live_elsewhere, NULL);
	pthread_barrier_wait(&mounted);
}

/* Those of them that the method says something new about. */
static void replace(void)
{
	for (int i = 0; i < PLACES; i++)
		if (places[i].replaced)
			tree_add(tree_replace(stage_top_ino(),
					      stage_name(places[i].slot),
					      S_IFDIR | 0755),
				 "below", S_IFDIR | 0755);
}

static void walk_through(const struct place *place)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s/other", TREE_TOP_NAME,
		 stage_name(place->slot));
	lookups_of(path);
}

/* Tell of those that are gone now and weren't before. */
static void look(const char *when)
{
	for (int i = 0; i < PLACES; i++) {
		struct place *place = &places[i];

		if (place->gone || is_mounted_in(place->table, place->path))
			continue;
		place->gone = true;
		if (!when)
			say_broken("control: a mount went without a reason");
		say_hazard(place->name, true, "%s", when);
	}
}

static void walk_and_look(const char *when)
{
	for (int i = 0; i < PLACES; i++)
		walk_through(&places[i]);
	look(when);
}

static void run(const struct inval_method *m)
{
	pthread_t other;

	stage_start(m, NULL);
	mount_all(&other);
	walk_and_look(NULL);
	replace();
	stage_notify(m);
	look("at once");
	walk_and_look("at the next lookup");
	for (int i = 0; i < PLACES; i++) {
		if (!places[i].gone)
			say_hazard(places[i].name, false, "%s", "");
		if (!places[i].gone && !places[i].elsewhere)
			umount2(server_path(places[i].path), MNT_DETACH);
	}
	pthread_barrier_wait(&finished);
	pthread_join(other, NULL);
	stage_stop();
}

const struct hazard hazard_submount = {
	.name = "submount",
	.title = "Submounts that are detached",
	.note = "A tmpfs was mounted; nothing has changed, or the directory's "
		"name has another node; the method, about the directory (not "
		"about what is in it); then a lookup through it.  Detached "
		"mounts are gone for all that look for them by path, without a "
		"message to those who mounted them.",
	.stack = "a mount below",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
};
