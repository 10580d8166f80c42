// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_memory.c - when does the kernel free what a method made useless?
 */
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { NAMES = 1000, QUIET_MS = 50, LOOK_US = 10000 };

/* Inodes forgotten until now, once no more come. */
static uint64_t forgotten(void)
{
	uint64_t last = ~0ull, now = server_forgotten();
	unsigned int quiet_ms = 0;

	while (quiet_ms < QUIET_MS) {
		last = now;
		usleep(LOOK_US);
		now = server_forgotten();
		quiet_ms = now == last ? quiet_ms + LOOK_US / 1000 : 0;
	}
	return now;
}

static void run(const struct inval_method *m)
{
	uint64_t before, at_once, later;
	struct stat st;

	stage_start(m, NULL);
	stage_fill(NAMES);
	before = forgotten();
	stage_notify(m);
	at_once = forgotten() - before;
	lstat(stage_path(1), &st);
	later = forgotten() - before;
	say_number("unasked", (double)at_once, "inodes");
	say_number("after the next lookup", (double)later, "inodes");
	say_hazard("held until then", later > at_once, "%s",
		   later > at_once ? "held" : "");
	stage_stop();
}

const struct hazard hazard_memory = {
	.name = "memory",
	.title = "Memory held until the next access",
	.note = "1000 cached inodes that nobody uses; how many of them the "
		"kernel has given back (FORGET) soon after the method, and "
		"after "
		"one lookup of one of the names.  Where names stay valid, or "
		"are "
		"valid again after a LOOKUP, none is given back, rightly.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 60,
	.confirm = true,
};
