// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes from before a bump neither replace newer ones nor keep them out.
 * The reply to a request that was sent before the bump is held until after it,
 * and until after (or before) newer attributes.
 *
 * red: v8 shrink
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

static int fd;

/* Ask the server for attributes by descriptor: no LOOKUP. */
static void *ask(void *unused)
{
	struct statx stx;

	(void)unused;
	statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
	      &stx);
	return NULL;
}

static uint64_t size_now(void)
{
	struct stat st;

	stat(server_path("file"), &st);
	return st.st_size;
}

static void *set_mode(void *unused)
{
	(void)unused;
	fchmod(fd, 0600);
	return NULL;
}

static void *link_it(void *unused)
{
	(void)unused;
	link(server_path("file"), server_path("dir/linked"));
	return NULL;
}

/*
 * A change of our own whose reply, with attributes from before the bump, comes
 * after newer ones.  (The new link goes to another directory: the one where it
 * is made is locked until the reply.)
 */
static void change_across(const char *what, uint32_t opcode,
			  void *(*change)(void *), uint64_t file, uint64_t size)
{
	pthread_t thread;

	server_hold(opcode, 0);
	pthread_create(&thread, NULL, change, NULL);
	server_wait_held();
	tree_set_size(file, size);
	server_bump();
	ktap_is(size_now(), size, "size from a LOOKUP after the bump");
	server_release();
	pthread_join(thread, NULL);
	ktap_ok(size_now() == size, "size after an older reply to %s", what);
}

static void *look_up(void *unused)
{
	struct stat st;

	(void)unused;
	stat(server_path("file"), &st);
	return NULL;
}

int main(void)
{
	pthread_t old, new;
	uint64_t file;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "dir", S_IFDIR | 0755);
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(file, 1000);
	fd = open(server_path("file"), O_RDONLY);

	/* The control: the same two requests, one after the other. */
	ask(NULL);
	tree_set_size(file, 1001);
	server_bump();
	ktap_is(size_now(), 1001, "size after a bump, nothing in flight");

	/* The old reply comes after the newer one: must not overwrite. */
	server_hold(FUSE_GETATTR, file);
	pthread_create(&old, NULL, ask, NULL);
	server_wait_held();
	tree_set_size(file, 1002);
	server_bump();
	ktap_is(size_now(), 1002, "size from a LOOKUP after the bump");
	server_release();
	pthread_join(old, NULL);
	ktap_is(size_now(), 1002, "size after an older reply came late");

	/*
	 * The old reply comes first, while the LOOKUP after the bump is on its
	 * way: must not suppress what that one brings.
	 */
	server_hold(FUSE_GETATTR, file);
	pthread_create(&old, NULL, ask, NULL);
	server_wait_held();
	tree_set_size(file, 1003);
	server_bump();
	{
		/* Two held replies: send the old one while LOOKUP waits. */
		struct fuse_out_header *first = server_take_held();

		server_hold(FUSE_LOOKUP, ROOT);
		pthread_create(&new, NULL, look_up, NULL);
		server_wait_held();
		server_send(first);
	}
	pthread_join(old, NULL);
	server_release();
	pthread_join(new, NULL);
	ktap_is(size_now(), 1003, "size after an older reply came first");

	change_across("SETATTR", FUSE_SETATTR, set_mode, file, 1004);
	change_across("LINK", FUSE_LINK, link_it, file, 1005);

	close(fd);
	server_stop();
	return ktap_end();
}
