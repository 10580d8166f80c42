// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_herd.c - how many LOOKUPs do many send who come to one directory at once?
 *
 * All of them have come before the server reads the first, so the count doesn't
 * depend on who is faster.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/pause.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { WALKERS = 16 };

static struct walker {
	pthread_t thread;
	atomic_int tid;
	atomic_bool done;
} walkers[WALKERS];

static uint64_t slot;

static void *walk(void *arg)
{
	struct walker *w = arg;
	struct stat st;

	w->tid = gettid();
	fstatat(stage_top(), stage_name(slot), &st, 0);
	w->done = true;
	return NULL;
}

static uint64_t lookups_of_slot(void)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	struct walker w = { 0 };

	walk(&w);
	return server_count(FUSE_LOOKUP) - before;
}

static bool all_wait(void)
{
	for (int i = 0; i < WALKERS; i++)
		if (!walkers[i].done &&
		    (!walkers[i].tid || !is_in_state(walkers[i].tid, "SD")))
			return false;
	return true;
}

static void say(const char *probe, uint64_t lookups)
{
	if (lookups > 1)
		say_hazard(probe, true, "%lu LOOKUPs", (unsigned long)lookups);
	else
		say_hazard(probe, false, "%s", lookups ? "1 LOOKUP" : "");
}

static void come(const char *probe, const struct inval_method *m, mode_t mode)
{
	uint64_t before;

	stage_start(m, NULL);
	slot = stage_add(mode);
	lookups_of_slot();
	if (lookups_of_slot())
		say_broken("control: a name isn't cached");
	stage_notify(m);
	before = server_count(FUSE_LOOKUP);
	server_pause();
	for (int i = 0; i < WALKERS; i++) {
		walkers[i] = (struct walker){ 0 };
		pthread_create(&walkers[i].thread, NULL, walk, &walkers[i]);
	}
	if (!poll_until(all_wait(), PATIENCE_MS))
		say_broken("not all come");
	server_resume();
	for (int i = 0; i < WALKERS; i++)
		pthread_join(walkers[i].thread, NULL);
	say(probe, server_count(FUSE_LOOKUP) - before);
	stage_stop();
}

static void run(const struct inval_method *m)
{
	come("a directory", m, S_IFDIR | 0755);
	come("a file", m, S_IFREG | 0644);
	come("a missing name", m, 0);
}

const struct hazard hazard_herd = {
	.name = "herd",
	.title = "LOOKUPs by many who come at once",
	.note = "A name is cached; the method, about it; 16 threads come to it "
		"before the daemon has answered the first.  Where directory "
		"operations run in parallel (FUSE_PARALLEL_DIROPS, which "
		"libfuse asks for), those who find no name wait for the first "
		"one's LOOKUP.  Those who find an expired one each send their "
		"own.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 60,
	.confirm = true,
};
