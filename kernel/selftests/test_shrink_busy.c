// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoch_shrink=2 leaves what is in use alone and yields to umount and abort.
 * What nobody uses must go all the same: that is the control each time.
 *
 * skip: v8 7.3
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { FILES = 1000, MANY = 20000 };

static void start(unsigned int files)
{
	server_start();
	server_bump();
	set_shrink_mode("2");
	add_files(tree_add(ROOT, "unused", S_IFDIR | 0755), "%u", files);
	list_dir("unused");
}

/* A bump, and whether all that is unused is forgotten after it. */
static void bump_and_wait(const char *while_what)
{
	uint64_t before;

	list_dir("unused");
	before = server_forgotten();
	server_bump();
	ktap_control(
		poll_until(server_forgotten() - before >= FILES, PATIENCE_MS),
		"%s: the rest is forgotten", while_what);
}

/* Working directory, open file, O_PATH: each in a directory of its own. */
static void in_use(void)
{
	uint64_t requests;
	int file, path;
	struct stat st;

	add_files(tree_add(ROOT, "cwd", S_IFDIR | 0755), "%u", 1);
	add_files(tree_add(ROOT, "open", S_IFDIR | 0755), "%u", 1);
	tree_add(tree_add(ROOT, "path", S_IFDIR | 0755), "in", S_IFDIR | 0755);
	file = open(server_path("open/0"), O_RDONLY);
	path = open(server_path("path/in"), O_PATH);
	ktap_ok(file >= 0 && path >= 0 && !chdir(server_path("cwd")),
		"a file, an O_PATH and a working directory are in use");
	bump_and_wait("directories in use");
	requests = server_count(FUSE_LOOKUP);
	ktap_ok(!fstat(file, &st) && !fstat(path, &st) && !stat(".", &st),
		"they can be used");
	ktap_is(server_count(FUSE_LOOKUP) - requests, 0, "LOOKUPs for that");
	ktap_ok(!stat("0", &st), "a walk from the working directory");
	ktap_ok(!chdir("/"), "it is left");
	close(file);
	close(path);
	bump_and_wait("nothing in use");
}

static void mount_below(void)
{
	tree_add(tree_add(ROOT, "a", S_IFDIR | 0755), "b", S_IFDIR | 0755);
	ktap_ok(!mount("none", server_path("a/b"), "tmpfs", 0, NULL),
		"a mount below");
	bump_and_wait("a mount below");
	ktap_ok(is_mounted("a/b"), "it is still there");
	umount2(server_path("a/b"), MNT_DETACH);
}

/* A file that is open by one name is dropped by another, but not its pages. */
static void pages(void)
{
	uint64_t ino = tree_add(ROOT, "one", S_IFREG | 0644), reads;
	char byte = 0;
	int fd;

	tree_link(ino, ROOT, "two");
	tree_set_size(ino, 1);
	fd = open(server_path("one"), O_RDONLY);
	ktap_ok(pread(fd, &byte, 1, 0) == 1 && byte == 'x', "a file is read");
	lookups_of("two");
	bump_and_wait("a file with a page");
	reads = server_count(FUSE_READ);
	ktap_ok(pread(fd, &byte, 1, 0) == 1 && byte == 'x', "it is read again");
	ktap_is(server_count(FUSE_READ) - reads, 0, "READs for that");
	close(fd);
}

/* Eviction would wait for the reply. */
static void read_in_flight(void)
{
	leave_read_in_flight("big");
	bump_and_wait("a closed file is being read");
	server_release();
}

/* Wait until the work has begun: FORGETs come, but not all of them yet. */
static bool in_the_middle(void)
{
	uint64_t before = server_forgotten();

	server_bump();
	poll_until(server_forgotten() != before, PATIENCE_MS);
	return server_forgotten() - before < MANY;
}

static void *stop(void *unused)
{
	(void)unused;
	server_stop();
	return NULL;
}

static void stopped(const char *when)
{
	pthread_t thread;

	pthread_create(&thread, NULL, stop, NULL);
	if (!ktap_ok(joined_within(thread, PATIENCE_MS), "umount %s", when))
		exit(ktap_end()); /* what hangs here can't be helped */
}

static void bump_without_mount(const char *mode)
{
	struct stat st;
	int fd, err;

	start(FILES);
	set_shrink_mode(mode);
	fd = open(server_path("unused/1"), O_RDONLY);
	server_detach();
	err = server_bump();
	ktap_ok(!err, "bump after MNT_DETACH, a file open, epoch_shrink=%s",
		mode);
	ktap_ok(!fstat(fd, &st), "and the file is still open");
	close(fd);
	/* Now the super block goes, and the server's thread with it. */
	stopped("when the file is closed");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	server_stop();

	start(FILES);
	in_use();
	mount_below();
	pages();
	read_in_flight();
	stopped("after all that");

	start(MANY);
	ktap_ok(in_the_middle(), "the work is at it");
	stopped("in the middle of the work");

	start(MANY);
	ktap_ok(in_the_middle(), "the work is at it");
	server_abort();
	server_bump();
	stopped("after an abort in the middle of the work");

	bump_without_mount("0");
	bump_without_mount("1");
	bump_without_mount("2");

	set_shrink_mode("0");
	return ktap_end();
}
