// SPDX-License-Identifier: GPL-2.0-only
/*
 * A listing that the kernel keeps is as old as the requests that filled it.
 * Two read a directory from its start, one before a bump and one after it.  The
 * latter says which epoch the listing is of, and the former's reply, which comes
 * first, is what would be put into it.  Or it is about to be put there, and waits
 * for the page, when the latter comes.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { BUFFER_BYTES = 4096 };

struct reader {
	pthread_t thread;
	const char *path;
	volatile pid_t tid;
	struct fuse_out_header *reply;
};

static void *list(void *arg)
{
	struct reader *reader = arg;

	reader->tid = syscall(SYS_gettid);
	list_dir(reader->path);
	return NULL;
}

/* Read a directory, with the reply to its first request held. */
static void start(struct reader *reader, const char *path, uint64_t dir)
{
	reader->path = path;
	server_hold(FUSE_READDIRPLUS, dir);
	pthread_create(&reader->thread, NULL, list, reader);
	server_wait_held();
	reader->reply = server_take_held();
}

static void finish(struct reader *reader)
{
	server_send(reader->reply);
	pthread_join(reader->thread, NULL);
}

static bool lists(const char *path, const char *name)
{
	DIR *dir = opendir(server_path(path));
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		found |= !strcmp(entry->d_name, name);
	if (dir)
		closedir(dir);
	return found;
}

static uint64_t requests(void)
{
	return server_count(FUSE_READDIR) + server_count(FUSE_READDIRPLUS);
}

/* Read by two, while the directory of so many files gets another one. */
static void two_read(const char *path, unsigned int files, bool bump)
{
	uint64_t dir = tree_add(ROOT, path, S_IFDIR | 0755), before;
	struct reader older, newer;

	add_files(dir, "%u", files);
	lookups_of(path);
	start(&older, path, dir);
	tree_add(dir, "new", S_IFREG | 0644);
	if (bump)
		server_bump();
	start(&newer, path, dir);
	finish(&older);
	finish(&newer);

	before = requests();
	if (bump) {
		ktap_ok(lists(path, "new"), "%s: the new name is listed", path);
		ktap_ok(lists(path, "new"), "%s: and again", path);
	} else {
		ktap_control(!lists(path, "new"),
			     "%s: without a bump the older reply is kept",
			     path);
		ktap_control_is(requests() - before, 0, "requests for that");
	}
}

static int buffered = -1;
static void *buffer;

/* Its page fault, in the middle of a page of the listing, waits for a READ. */
static void *list_into_buffer(void *unused)
{
	(void)unused;
	syscall(SYS_getdents64, buffered, buffer, BUFFER_BYTES);
	return NULL;
}

/*
 * Somebody holds the first page of an old listing.  The older reply looks at the
 * new one, which is empty, and waits for that page; then there is a bump, and the
 * newer reader finds it empty, too.
 */
static void wait_for_a_page(void)
{
	uint64_t dir = tree_add(ROOT, "page", S_IFDIR | 0755), before;
	uint64_t file = tree_add(ROOT, "buffer", S_IFREG | 0644);
	struct fuse_out_header *page;
	struct reader older, newer;
	pthread_t holder;
	int fd;

	tree_set_size(file, BUFFER_BYTES);
	add_files(dir, "%u", 3);
	buffered = open(server_path("page"), O_RDONLY | O_DIRECTORY);
	list_dir("page");
	server_bump();
	before = requests();
	list_dir("page");
	if (requests() == before) { /* no listing ends with a bump */
		close(buffered);
		return;
	}

	fd = open(server_path("buffer"), O_RDONLY);
	buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      fd, 0);
	server_hold(FUSE_READ, file);
	pthread_create(&holder, NULL, list_into_buffer, NULL);
	server_wait_held();
	page = server_take_held();
	server_bump();
	start(&older, "page", dir);
	tree_add(dir, "new", S_IFREG | 0644);
	server_send(older.reply);
	ktap_control(poll_until(is_in_state(older.tid, "D"), PATIENCE_MS),
		     "the older reply waits for a page");
	server_bump();
	start(&newer, "page", dir);
	server_send(page);
	pthread_join(holder, NULL);
	pthread_join(older.thread, NULL);
	finish(&newer);
	ktap_ok(lists("page", "new"), "a page: the new name is listed");
	ktap_ok(lists("page", "new"), "a page: and again");
	munmap(buffer, BUFFER_BYTES);
	close(buffered);
	close(fd);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	tree_keep_listings();
	two_read("some, no bump", 3, false);
	two_read("none, no bump", 0, false);
	two_read("some", 3, true);
	two_read("none: its end", 0, true);
	wait_for_a_page();
	server_stop();
	return ktap_end();
}
