// SPDX-License-Identifier: GPL-2.0-only
/* epoch_shrink=2 gives back what a bump made useless, and nothing else. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

/*
 * The goal is for 100,000 dentries; they are in several directories, because
 * only the first stat in one can be timed.  The control needs as many as are
 * seen to cost something.
 */
enum { DIRS = 10, FILES = 10000, CONTROL = 5000, TREE = 100, FRESH = 100 };

static uint64_t stat_us(const char *path)
{
	uint64_t start_us = now_us();
	struct stat st;

	stat(server_path(path), &st);
	return now_us() - start_us;
}

/* The shortest of one stat in each directory: noise only adds. */
static uint64_t best_stat_us(const char *format)
{
	uint64_t best_us = ~0ull, one_us;
	char path[64];
	int i;

	for (i = 0; i < DIRS; i++) {
		snprintf(path, sizeof(path), format, i);
		one_us = stat_us(path);
		if (one_us < best_us)
			best_us = one_us;
	}
	return best_us;
}

static void add_dirs(const char *format, unsigned int files)
{
	char name[64];
	int i;

	for (i = 0; i < DIRS; i++) {
		snprintf(name, sizeof(name), format, i);
		add_files(tree_add(ROOT, name, S_IFDIR | 0755), "%u", files);
	}
}

/* Wait for as many FORGETs as wanted; returns how many there are. */
static uint64_t forgotten_since(uint64_t before, uint64_t wanted)
{
	poll_until(server_forgotten() - before >= wanted, PATIENCE_MS);
	return server_forgotten() - before;
}

/* With 0 nothing is forgotten, and who comes first pays. */
static void control(void)
{
	uint64_t before, cost_us, new_us;

	ktap_ok(set_shrink_mode("0"), "epoch_shrink=0");
	list_dir("control");
	before = server_forgotten();
	server_bump();
	/* Nothing to wait for: what doesn't come has no end. */
	poll_until(server_forgotten() != before, 300);
	ktap_is(server_forgotten() - before, 0, "inodes forgotten by a bump");
	cost_us = stat_us("control/0");
	new_us = best_stat_us("other%u/0");
	ktap_ok(cost_us > 10 * new_us,
		"the first stat there takes %llu us, %llu where nothing was",
		(unsigned long long)cost_us, (unsigned long long)new_us);
	ktap_is(forgotten_since(before, CONTROL + 1), CONTROL + 1,
		"inodes forgotten by that stat, with the directory");
}

static void shrink(void)
{
	/*
	 * All but the open one and the directory that holds it, and what the
	 * control looked up last: 1 + DIRS files with their directories.
	 */
	const uint64_t wanted = DIRS * (FILES + 1) - 2 + (1 + DIRS) * 2;
	uint64_t before, old_us, new_us;
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
	/* Two LOOKUPs, which it needs in any case, are not the work's. */
	old_us = best_stat_us("dir%u/0");
	new_us = best_stat_us("other%u/0");
	ktap_ok(old_us < new_us + 1000,
		"the first stat there takes %llu us, %llu where nothing was",
		(unsigned long long)old_us, (unsigned long long)new_us);
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
	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	add_files(tree_add(ROOT, "control", S_IFDIR | 0755), "%u", CONTROL);
	add_dirs("dir%u", FILES);
	add_dirs("other%u", 1);
	add_files(ROOT, "fresh%u", FRESH);

	control();
	shrink();
	chain();

	set_shrink_mode("0");
	server_stop();
	return ktap_end();
}
