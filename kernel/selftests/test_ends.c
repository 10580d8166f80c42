// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is cached of a node ends with a bump and a walk, whether or not the kernel
 * keeps the node itself: data that the server lets it keep, targets of symlinks,
 * listings, attributes, and size and mtime where these are the kernel's own.
 * Everything is read once after a bump, and not again.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { FAR = 400 << 10 };

static void read_link(const char *path)
{
	char target[128];

	readlink(server_path(path), target, sizeof(target));
}

static void read_at(const char *path, off_t offset)
{
	int fd = open(server_path(path), O_RDONLY);
	char data;

	if (pread(fd, &data, 1, offset) != 1)
		puts("# nothing was read");
	close(fd);
}

static void read_file(const char *path)
{
	read_at(path, 0);
}

/* How many requests it takes: before a bump, after it, and after that. */
static void ends(const char *what, uint32_t opcode, void (*act)(const char *),
		 const char *path)
{
	uint64_t before;

	act(path);
	before = server_count(opcode);
	act(path);
	ktap_control(server_count(opcode) == before, "%s: cached", what);
	server_bump();
	act(path);
	ktap_ok(server_count(opcode) > before, "%s: asked for after a bump",
		what);
	before = server_count(opcode);
	act(path);
	ktap_ok(server_count(opcode) == before, "%s: cached again", what);
}

static void list(const char *path)
{
	list_dir(path);
}

static void nodes(void)
{
	uint64_t file = tree_add(ROOT, "file", S_IFREG | 0644);
	int fd;

	tree_set_size(file, 1 << 20);
	tree_add(ROOT, "link", S_IFLNK | 0777);
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", 3);
	ends("data", FUSE_READ, read_file, "file");
	ends("a link's target", FUSE_READLINK, read_link, "link");
	ends("a listing", FUSE_READDIRPLUS, list, "dir");
	fd = open(server_path("file"), O_RDONLY);
	ends("data of an open file", FUSE_READ, read_file, "file");
	close(fd);
}

static void attributes(void)
{
	uint64_t file = tree_add(ROOT, "sized", S_IFREG | 0644);
	struct stat st;

	tree_set_size(file, 1);
	lookups_of("sized");
	tree_set_size(file, 2);
	stat(server_path("sized"), &st);
	ktap_control_is(st.st_size, 1, "size without a bump");
	server_bump();
	stat(server_path("sized"), &st);
	ktap_is(st.st_size, 2, "size after a bump");
}

struct reader {
	pthread_t thread;
	volatile pid_t tid;
	volatile bool done;
};

static void *open_and_read(void *arg)
{
	struct reader *reader = arg;

	reader->tid = syscall(SYS_gettid);
	read_at("busy", FAR);
	reader->done = true;
	return NULL;
}

/* Starts it; false if it is through with what was there. */
static bool waits(struct reader *reader)
{
	bool asleep = false;

	pthread_create(&reader->thread, NULL, open_and_read, reader);
	poll_until(reader->done || (asleep = reader->tid &&
					     is_in_state(reader->tid, "D")),
		   PATIENCE_MS);
	return asleep;
}

/*
 * The first to open it after a bump has to wait for a READ that is on its way
 * before it can drop what comes after that.  The second mustn't overtake it.
 */
static void opened_by_two(void)
{
	uint64_t file = tree_add(ROOT, "busy", S_IFREG | 0644), reads;
	struct reader first = { 0 }, second = { 0 };
	int fd;

	tree_set_size(file, 1 << 20);
	fd = open(server_path("busy"), O_RDONLY);
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	read_at("busy", FAR);
	server_hold(FUSE_READ, file);
	posix_fadvise(fd, 0, 1, POSIX_FADV_WILLNEED);
	server_wait_held();
	server_bump();
	reads = server_count(FUSE_READ);
	ktap_ok(waits(&first), "the first waits for an older READ");
	ktap_ok(waits(&second), "and so does the second");
	ktap_control_is(server_count(FUSE_READ) - reads, 0, "READs by then");
	server_release();
	pthread_join(first.thread, NULL);
	pthread_join(second.thread, NULL);
	ktap_ok(server_count(FUSE_READ) > reads, "it is read again");
	close(fd);
}

/* The kernel's own size of a file that nobody has open ends with a bump, too. */
static void own_size(void)
{
	uint64_t dir = tree_add(ROOT, "own", S_IFDIR | 0755);
	uint64_t file = tree_add(dir, "file", S_IFREG | 0644);
	struct stat st;
	int fd;

	tree_set_size(file, 1);
	lookups_of("own/file");
	tree_set_size(file, 2);
	server_bump();
	stat(server_path("own/file"), &st);
	ktap_is(st.st_size, 2, "the kernel's own size after a bump");

	fd = open(server_path("own"), O_RDONLY | O_DIRECTORY);
	tree_set_size(file, 3);
	server_bump();
	list_fd(fd);
	fstatat(fd, "file", &st, 0);
	ktap_is(st.st_size, 3, "after a bump and READDIRPLUS");
	close(fd);
}

int main(void)
{
	ktap_begin();
	tree_keep_pages();
	server_start();
	server_need_epochs();
	tree_keep_listings();
	nodes();
	attributes();
	opened_by_two();
	server_stop();

	tree_want(FUSE_WRITEBACK_CACHE);
	server_start();
	own_size();
	server_stop();
	return ktap_end();
}
