// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_timeout.c - what does a method do where no name is ever valid, so that
 * each access asks anyway?
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "bench/lib/opcode.h"
#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

/* Of these most are forgotten before they are looked up, if they are at all. */
enum { FILES = 16 };

static struct {
	uint64_t slot;
	ino_t ino;
} files[FILES];

static uint64_t dir_slot;
static char below[64];

static ino_t ino_of(int i)
{
	struct stat st = { 0 };

	fstatat(stage_top(), stage_name(files[i].slot), &st, 0);
	return st.st_ino;
}

static void set_scene(void)
{
	dir_slot = stage_add(S_IFDIR | 0755);
	for (int i = 0; i < FILES; i++)
		files[i].slot = stage_add(S_IFREG | 0644);
	for (int i = 0; i < FILES; i++)
		files[i].ino = ino_of(i);
	tree_add(stage_ino(dir_slot), "below", S_IFDIR | 0755);
	snprintf(below, sizeof(below), "%s/%s/below", TREE_TOP_NAME,
		 stage_name(dir_slot));
	if (mount("none", server_path(below), "tmpfs", 0, NULL))
		say_broken("cannot mount a tmpfs: %s", strerror(errno));
}

/* One stat of a file, and what it says of all of them. */
static bool changes(const char *stat_probe)
{
	uint64_t before[OPCODE_MAX];
	bool changed;

	stage_counts(before);
	changed = ino_of(0) != files[0].ino;
	say_requests(stat_probe, before);
	for (int i = 1; i < FILES; i++)
		changed |= ino_of(i) != files[i].ino;
	return changed;
}

static bool is_detached(void)
{
	char other[80];

	snprintf(other, sizeof(other), "%s/other", below);
	lookups_of(other);
	return !is_mounted(below);
}

static void run(const struct inval_method *m)
{
	bool changed, detached;

	stage_start(m, NULL);
	tree_set_valid_s(0);
	tree_number_anew();
	set_scene();
	if (changes("stat before") || is_detached())
		say_broken("control: something changes without a reason");
	stage_notify(m);
	changed = changes("stat after");
	detached = is_detached();
	say_hazard("st_ino", changed, "%s", changed ? "others" : "");
	say_hazard("mounted below", detached, "%s", detached ? "detached" : "");
	umount2(server_path(below), MNT_DETACH);
	stage_stop();
}

const struct hazard hazard_timeout = {
	.name = "timeout",
	.title = "Names that are never valid",
	.note = "The entry timeout is 0, so each stat asks, without a method "
		"as "
		"well (L: a LOOKUP): the method gains nothing.  What it costs "
		"all the same, where the server numbers anew what is "
		"forgotten, and where something is mounted below: nothing has "
		"changed, the method, then a stat of each.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
