// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoch_shrink=2 gives back what a bump made useless, and nothing else.
 *
 * skip: v8 7.3
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/*
 * 100,000 dentries, and enough for the control.  What the first access costs
 * then is for make vm-bench; here is counted what it still has to forget.
 */
enum { DIRS = 10, FILES = 10000, CONTROL = 5000, TREE = 100, FRESH = 100 };

/* Wait for as many FORGETs as wanted; returns how many there are. */
static uint64_t forgotten_since(uint64_t before, uint64_t wanted)
{
	poll_until(server_forgotten() - before >= wanted, PATIENCE_MS);
	return server_forgotten() - before;
}

/* Nothing to wait for: what doesn't come has no end. */
static uint64_t forgotten_after_all(uint64_t before)
{
	poll_until(server_forgotten() != before, 300);
	return server_forgotten() - before;
}

/*
 * With 0 nothing is forgotten by a bump.  Who comes first pays, unless the kernel
 * asks again: then memory isn't given back by that either.
 */
static void control(bool kept)
{
	uint64_t before;

	ktap_ok(set_shrink_mode("0"), "epoch_shrink=0");
	list_dir("control");
	before = server_forgotten();
	server_bump();
	ktap_control_is(forgotten_after_all(before), 0,
			"inodes forgotten by a bump");
	lookups_of("control/0");
	if (kept)
		ktap_control_is(forgotten_after_all(before), 0,
				"inodes forgotten by the first stat");
	else
		ktap_control_is(forgotten_since(before, CONTROL + 1),
				CONTROL + 1,
				"inodes forgotten by the first stat, with the "
				"directory");
}

static void shrink(bool kept)
{
	/*
	 * All but the open one and the directory that holds it, and what is
	 * left of the control: what it looked up last, or all that was kept.
	 */
	const uint64_t wanted =
		DIRS * (FILES + 1) - 2 + (kept ? CONTROL + 1 : 2);
	uint64_t before;
	char name[16];
	struct stat st;
	int i, fd;

	ktap_ok(set_shrink_mode("2"), "epoch_shrink=2");
	for (i = 0; i < DIRS; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		list_dir(name);
	}
	fd = open(server_path("dir0/7"), O_RDONLY);
	before = server_forgotten();
	server_bump();
	lookups_of_all("fresh%u", FRESH);
	ktap_is(forgotten_since(before, wanted), wanted,
		"inodes forgotten by the work");
	before = server_forgotten();
	ktap_is(lookups_of_all("dir%u/0", DIRS), 2 * DIRS,
		"LOOKUPs of the first stat in each directory");
	ktap_is(forgotten_after_all(before), 0,
		"inodes that are left for these to forget");
	ktap_is(lookups_of_all("fresh%u", FRESH), 0,
		"LOOKUPs of names of the current epoch");
	ktap_ok(fstat(fd, &st) == 0, "the open file is still there");
	close(fd);
}

/* A directory can only go after what is in it. */
static void chain(void)
{
	uint64_t before, ino = ROOT;
	int i;

	for (i = 0; i < TREE; i++)
		ino = tree_add(ino, "d", S_IFDIR | 0755);
	for (i = 0; i < TREE; i++)
		if (chdir(i ? "d" : server_path("d")))
			break;
	ktap_is(i, TREE, "directories, each in the one before");
	if (chdir("/"))
		return;
	before = server_forgotten();
	server_bump();
	ktap_ok(forgotten_since(before, TREE) >= TREE, "all are forgotten");
}

int main(void)
{
	bool kept;
	char name[16];
	int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	kept = walks_keep_nodes();
	add_files(tree_add(ROOT, "control", S_IFDIR | 0755), "%u", CONTROL);
	for (i = 0; i < DIRS; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		add_files(tree_add(ROOT, name, S_IFDIR | 0755), "%u", FILES);
	}
	add_files(ROOT, "fresh%u", FRESH);

	control(kept);
	shrink(kept);
	chain();

	set_shrink_mode("0");
	server_stop();
	return ktap_end();
}
