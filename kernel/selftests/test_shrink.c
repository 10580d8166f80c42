// SPDX-License-Identifier: GPL-2.0-only
/* epoch_shrink=2 gives back what a bump made useless, and nothing else. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

enum { FILES = 100000, TREE = 100, FRESH = 100 };

static const char parameter[] = "/sys/module/fuse/parameters/epoch_shrink";

static bool set_mode(const char *mode)
{
	int fd = open(parameter, O_WRONLY);
	bool done = fd >= 0 && write(fd, mode, 1) == 1;

	if (fd >= 0)
		close(fd);
	return done;
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

static void touch(const char *format, unsigned int from, unsigned int to)
{
	char path[64];
	struct stat st;

	for (; from < to; from++) {
		snprintf(path, sizeof(path), format, from);
		stat(server_path(path), &st);
	}
}

/* Wait until so many inodes are forgotten, or half a minute. */
static uint64_t wait_forgotten(uint64_t wanted)
{
	uint64_t end = now_us() + 30000000;

	while (server_forgotten() < wanted && now_us() < end)
		usleep(1000);
	usleep(100000); /* are there more than that? */
	return server_forgotten();
}

/* Without a walk, which would find the way there stale and detach it. */
static bool is_mounted(const char *path)
{
	FILE *file = fopen("/proc/self/mounts", "r");
	char line[512];
	bool found = false;

	while (file && fgets(line, sizeof(line), file))
		found |= strstr(line, path) != NULL;
	if (file)
		fclose(file);
	return found;
}

/* One stat in the directory; how long it took. */
static uint64_t first_touch(void)
{
	uint64_t start = now_us();

	touch("dir/%u", 0, 1);
	return now_us() - start;
}

int main(void)
{
	uint64_t dir, tree, before, off, on;
	char name[32];
	struct stat st;
	int fd, i;

	ktap_begin();
	if (access(parameter, W_OK))
		ktap_skip_all("not supported: fuse has no epoch_shrink");
	server_start();
	server_need_epochs();

	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		tree_add(dir, name, S_IFREG | 0644);
	}
	tree = tree_add(ROOT, "other", S_IFDIR | 0755);
	tree_add(tree, "0", S_IFREG | 0644);
	tree = ROOT;
	for (i = 0; i < TREE; i++)
		tree = tree_add(tree, "d", S_IFDIR | 0755);
	for (i = 0; i < FRESH; i++) {
		snprintf(name, sizeof(name), "fresh%d", i);
		tree_add(ROOT, name, S_IFREG | 0644);
	}

	/* The control: with 0 nothing is forgotten, the first toucher pays. */
	ktap_ok(set_mode("0"), "epoch_shrink=0");
	touch("dir/%u", 0, FILES);
	before = server_forgotten();
	server_bump();
	usleep(300000);
	ktap_is(server_forgotten() - before, 0, "inodes forgotten by a bump");
	off = first_touch();
	ktap_ok(off > 1000, "the first touch takes %llu us",
		(unsigned long long)off);

	ktap_ok(set_mode("2"), "epoch_shrink=2");
	wait_forgotten(before + FILES - 1); /* what that left */
	touch("dir/%u", 0, FILES);
	fd = open(server_path("dir/7"), O_RDONLY);
	before = server_forgotten();
	server_bump();
	touch("fresh%u", 0, FRESH);
	/* All but the open one and the directory that holds it. */
	ktap_is(wait_forgotten(before + FILES - 1) - before, FILES - 1,
		"inodes forgotten by the work");
	on = first_touch();
	/* Its two LOOKUPs aside, which it would need in any case. */
	off = now_us();
	touch("other/%u", 0, 1);
	off = now_us() - off;
	ktap_ok(on < off + 1000, "the first touch takes %llu us, %llu if new",
		(unsigned long long)on, (unsigned long long)off);
	before = server_count(FUSE_LOOKUP);
	touch("fresh%u", 0, FRESH);
	ktap_is(server_count(FUSE_LOOKUP) - before, 0,
		"LOOKUPs of names of the current epoch");
	ktap_ok(fstat(fd, &st) == 0, "the open file is still there");
	close(fd);

	/* Directories go after their children, however deep. */
	chdir(server_path("d"));
	for (i = 1; i < TREE; i++)
		chdir("d");
	chdir("/");
	before = server_forgotten();
	server_bump();
	ktap_ok(wait_forgotten(before + TREE) - before >= TREE,
		"a chain of %d directories is forgotten", TREE);

	/* Mount points and what leads to them stay until somebody walks. */
	stat(server_path("d/d"), &st);
	ktap_ok(mount("none", server_path("d/d"), "tmpfs", 0, NULL) == 0,
		"mount below");
	server_bump();
	usleep(300000);
	ktap_ok(is_mounted("/d/d "), "it survives the work");
	umount2(server_path("d/d"), MNT_DETACH);

	/* A closed file with readahead in flight: the work must not wait. */
	tree = tree_add(ROOT, "big", S_IFREG | 0644);
	tree_set_size(tree, 1 << 20);
	fd = open(server_path("big"), O_RDONLY);
	server_hold(FUSE_READ, tree);
	posix_fadvise(fd, 0, 1 << 16, POSIX_FADV_WILLNEED);
	server_wait_held();
	close(fd);
	touch("dir/%u", 0, 1000);
	before = server_forgotten();
	server_bump();
	ktap_ok(wait_forgotten(before + 1000) - before >= 1000,
		"others are forgotten while a read is in flight");
	server_release();

	/* An umount in the middle of it. */
	touch("dir/%u", 0, FILES);
	server_bump();
	before = now_us();
	server_stop();
	off = now_us() - before;
	ktap_ok(true, "umount in the middle of the work took %llu us",
		(unsigned long long)off);
	set_mode("0");
	return ktap_end();
}
