// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_uninitialised.c - can others see a new dentry before it has its epoch?
 *
 * The module kernel/selftests/delay holds the dentry at that moment, as for the
 * self-test test_visible.
 */
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"
#include "kernel/testfs/window.h"

static void *look_up(void *path)
{
	server_pin(1); /* the module keeps that CPU busy */
	lookups_of(path);
	return NULL;
}

static void run(const struct inval_method *m)
{
	unsigned long others_see;
	uint64_t lookups;
	pthread_t thread;

	if (access("/sys/module/delay", F_OK))
		ktap_skip_all("the module delay isn't there: "
			      "it is for our own kernel");
	stage_start(m, NULL); /* there was a bump, so the epoch is 2 */
	window_want();
	tree_add(ROOT, "spliced", S_IFREG | 0644);
	lookups = server_count(FUSE_LOOKUP);
	pthread_create(&thread, NULL, look_up, "spliced");
	poll_until(window_is_open(), PATIENCE_MS);
	lookups_of("spliced");
	if (!window_is_open())
		say_broken("control: they don't meet in the window");
	window_close();
	pthread_join(thread, NULL);
	lookups = server_count(FUSE_LOOKUP) - lookups;
	others_see = delay_parameter("d_time");
	if (others_see == 2 && lookups == 1)
		say_hazard("a new dentry", false, "%s", "");
	else
		say_hazard("a new dentry", true,
			   "epoch %lu, not 2; %lu LOOKUPs", others_see,
			   (unsigned long)lookups);
	stage_stop();
}

const struct hazard hazard_uninitialised = {
	.name = "uninitialised",
	.title = "Uninitialised epoch",
	.note = "One process looks a name up for the first time; before the "
		"kernel has given the dentry its epoch another one meets it "
		"there (a module of ours holds that moment).  What it compares "
		"is whatever was in that memory (0 with init_on_alloc=1).",
	.concerns = method_is_epoch,
	.run = run,
	.limit_s = 60,
};
