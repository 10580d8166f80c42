// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server with one thread can bump inside any handler.  What other
 * notifications do there is the control: INVAL_INODE of the file that is being
 * read waits for that very read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* Nothing takes so long, but a hang. */
enum { HANG_MS = 5000 };

static int fd;

static void *do_lookup(void *unused)
{
	(void)unused;
	lookups_of("new");
	return NULL;
}

static void *do_getattr(void *unused)
{
	struct statx stx;

	(void)unused;
	statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
	      &stx);
	return NULL;
}

static void *do_read(void *unused)
{
	char byte;

	(void)unused;
	if (pread(fd, &byte, 1, 0) != 1)
		perror("# pread");
	return NULL;
}

static void *do_readdir(void *unused)
{
	(void)unused;
	list_dir("");
	return NULL;
}

static void *do_create(void *unused)
{
	(void)unused;
	close(open(server_path("created"), O_CREAT | O_RDWR, 0644));
	return NULL;
}

static const struct {
	const char *name;
	uint32_t opcode;
	void *(*use)(void *);
} handlers[] = {
	{ "LOOKUP", FUSE_LOOKUP, do_lookup },
	{ "GETATTR", FUSE_GETATTR, do_getattr },
	{ "READ", FUSE_READ, do_read },
	{ "READDIRPLUS", FUSE_READDIRPLUS, do_readdir },
	{ "CREATE", FUSE_CREATE, do_create },
};

static uint64_t start(void)
{
	uint64_t file;

	server_start();
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(file, 1);
	tree_add(ROOT, "new", S_IFREG | 0644);
	tree_add(ROOT, "cached", S_IFREG | 0644);
	fd = open(server_path("file"), O_RDONLY);
	lookups_of("cached");
	return file;
}

static void stop(void)
{
	close(fd);
	server_stop();
}

/* Returns whether it comes back; if not an abort must get it out. */
static bool comes_back(void *(*use)(void *))
{
	pthread_t thread;

	pthread_create(&thread, NULL, use, NULL);
	if (joined_within(thread, HANG_MS))
		return true;
	server_abort();
	if (!joined_within(thread, PATIENCE_MS)) {
		ktap_ok(false, "an abort gets it out");
		exit(ktap_end());
	}
	return false;
}

static void bump_in_each(const char *mode)
{
	unsigned int i;

	for (i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		start();
		server_bump_in(handlers[i].opcode);
		ktap_ok(comes_back(handlers[i].use), "bump in %s%s%s",
			handlers[i].name, mode ? ", epoch_shrink=" : "",
			mode ? mode : "");
		server_bump_in(0);
		ktap_is(lookups_of("cached"), 1, "LOOKUPs after that");
		stop();
	}
}

static void control(void)
{
	struct {
		struct fuse_out_header head;
		struct fuse_notify_inval_inode_out inode;
	} message = {
		.head.len = sizeof(message),
		.head.error = FUSE_NOTIFY_INVAL_INODE,
		.inode.ino = start(),
	};

	server_write_in(FUSE_READ, &message, sizeof(message));
	ktap_control(!comes_back(do_read),
		     "INVAL_INODE in READ hangs until abort");
	stop();
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	server_stop();

	control();
	if (!shrink_modes_exist()) {
		bump_in_each(NULL);
		return ktap_end();
	}
	set_shrink_mode("0");
	bump_in_each("0");
	set_shrink_mode("1");
	bump_in_each("1");
	set_shrink_mode("2");
	bump_in_each("2");
	set_shrink_mode("0");
	return ktap_end();
}
