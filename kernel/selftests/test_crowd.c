// SPDX-License-Identifier: GPL-2.0-only
/*
 * A crowd that walks a whole stale tree sends hardly more LOOKUPs than one walker.
 * All come to each name at a time, or nearly: one of them asks, and the others
 * wait for the answer.
 *
 * In upstream one of those who wait may find the new dentry before it has its
 * epoch, and ask again: see test_visible.  And where a stale directory is torn
 * down, who loses his CPU between finding it stale and tearing it down does that to
 * what another has renewed meanwhile, and all below is asked for once more: on a
 * busy machine 1970 LOOKUPs were seen of hardened.
 *
 * cpus: 2
 * either: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { WALKERS = 32, FANOUT = 4, LEVELS = 5 };

struct walker {
	pthread_t thread;
	int number;
	int errors;
};

static pthread_barrier_t all_here;

/* A name with all that is below it; returns how many there are. */
static unsigned int plant(uint64_t parent, const char *name, int levels)
{
	uint64_t ino = tree_add(parent, name,
				levels ? S_IFDIR | 0755 : S_IFREG | 0644);
	unsigned int names = 1;
	char child[8];
	int i;

	for (i = 0; levels && i < FANOUT; i++) {
		snprintf(child, sizeof(child), "%d", i);
		names += plant(ino, child, levels - 1);
	}
	return names;
}

/* A stat of each; returns how many failed. */
static int walk(const char *path, int levels)
{
	struct stat st;
	char child[64];
	int i, errors;

	errors = stat(path, &st) != 0;
	for (i = 0; levels && i < FANOUT; i++) {
		snprintf(child, sizeof(child), "%s/%d", path, i);
		errors += walk(child, levels - 1);
	}
	return errors;
}

static void *run(void *arg)
{
	struct walker *walker = arg;

	server_pin(walker->number % 2);
	pthread_barrier_wait(&all_here);
	walker->errors = walk(server_path("deep"), LEVELS);
	return NULL;
}

/* All walk it; returns how many of their stats failed. */
static int walk_in_crowd(void)
{
	struct walker walkers[WALKERS];
	int i, errors = 0;

	pthread_barrier_init(&all_here, NULL, WALKERS);
	for (i = 0; i < WALKERS; i++) {
		walkers[i] = (struct walker){ .number = i };
		pthread_create(&walkers[i].thread, NULL, run, &walkers[i]);
	}
	for (i = 0; i < WALKERS; i++) {
		pthread_join(walkers[i].thread, NULL);
		errors += walkers[i].errors;
	}
	pthread_barrier_destroy(&all_here);
	return errors;
}

int main(void)
{
	unsigned int names;
	uint64_t sent;

	ktap_begin();
	server_start();
	server_need_epochs();
	names = plant(ROOT, "deep", LEVELS);
	walk(server_path("deep"), LEVELS);

	server_bump();
	sent = server_count(FUSE_LOOKUP);
	ktap_is(walk_in_crowd(), 0, "errors");
	sent = server_count(FUSE_LOOKUP) - sent;
	ktap_control(sent >= names, "all of the %u names were stale", names);
	ktap_ok(sent * 10 <= names * 11, "%lu LOOKUPs of them by %d at a time",
		sent, WALKERS);
	server_stop();
	return ktap_end();
}
