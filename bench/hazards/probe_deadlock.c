// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_deadlock.c - may a daemon with one thread notify inside a handler?
 *
 * A deadlock is this: the daemon waits in its write(), in a state that no
 * signal ends, for as long as --patience says, and the process that it serves
 * waits for the daemon.  An abort of the connection gets both out.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "bench/inval/message.h"
#include "methods.h"
#include "options.h"
#include "stage.h"

enum { LOOK_MS = 10 };

enum object { FILE_OPEN, FILE_NEW, FILE_OLD, LINK_, DIR_, MISSING, OBJECTS };

static const mode_t modes[OBJECTS] = {
	[FILE_OPEN] = S_IFREG | 0644, [FILE_NEW] = S_IFREG | 0644,
	[FILE_OLD] = S_IFREG | 0644,  [LINK_] = S_IFLNK | 0777,
	[DIR_] = S_IFDIR | 0755,      [MISSING] = 0,
};

static uint64_t slot[OBJECTS];
static int file;

/* It fails where the connection had to be aborted. */
static void ignore(ssize_t result)
{
	(void)result;
}

static void do_lookup(void)
{
	struct stat st;

	fstatat(stage_top(), stage_name(slot[FILE_NEW]), &st, 0);
}

static void do_getattr(void)
{
	struct statx stx;

	statx(file, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
	      &stx);
}

static void do_truncate(void)
{
	ignore(ftruncate(file, 10));
}

static void do_read(void)
{
	char byte;

	ignore(pread(file, &byte, 1, 0));
}

static void do_write(void)
{
	ignore(pwrite(file, "x", 1, 0));
}

static void do_open(void)
{
	close(openat(stage_top(), stage_name(slot[FILE_OLD]), O_RDONLY));
}

static void do_readlink(void)
{
	char target[64];

	ignore(readlinkat(stage_top(), stage_name(slot[LINK_]), target,
			  sizeof(target)));
}

static void do_list_top(void)
{
	list_dir(TREE_TOP_NAME);
}

static void do_list_dir(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", TREE_TOP_NAME,
		 stage_name(slot[DIR_]));
	list_dir(path);
}

static void do_create(void)
{
	close(openat(stage_top(), stage_name(slot[MISSING]), O_CREAT | O_WRONLY,
		     0644));
}

static void do_unlink(void)
{
	ignore(unlinkat(stage_top(), stage_name(slot[FILE_OLD]), 0));
}

static void do_rename(void)
{
	ignore(renameat(stage_top(), stage_name(slot[FILE_OLD]), stage_top(),
			stage_name(slot[MISSING])));
}

static void do_mkdir(void)
{
	ignore(mkdirat(stage_top(), stage_name(slot[MISSING]), 0755));
}

static void do_symlink(void)
{
	ignore(symlinkat("target", stage_top(), stage_name(slot[MISSING])));
}

static void do_link(void)
{
	ignore(linkat(stage_top(), stage_name(slot[FILE_OLD]), stage_top(),
		      stage_name(slot[MISSING]), 0));
}

static void do_rmdir(void)
{
	ignore(unlinkat(stage_top(), stage_name(slot[DIR_]), AT_REMOVEDIR));
}

static void do_opendir(void)
{
	close(openat(stage_top(), stage_name(slot[DIR_]),
		     O_RDONLY | O_DIRECTORY));
}

static void do_flush(void)
{
	close(dup(file));
}

static const struct handler {
	const char *name;
	uint32_t opcode;
	enum object about; /* the message: what is being handled */
	void (*use)(void);
} handlers[] = {
	{ "LOOKUP", FUSE_LOOKUP, FILE_NEW, do_lookup },
	{ "GETATTR", FUSE_GETATTR, FILE_OPEN, do_getattr },
	{ "SETATTR (size)", FUSE_SETATTR, FILE_OPEN, do_truncate },
	{ "OPEN", FUSE_OPEN, FILE_OLD, do_open },
	{ "READ", FUSE_READ, FILE_OPEN, do_read },
	{ "WRITE", FUSE_WRITE, FILE_OPEN, do_write },
	{ "READLINK", FUSE_READLINK, LINK_, do_readlink },
	{ "READDIRPLUS, an entry", FUSE_READDIRPLUS, FILE_OPEN, do_list_top },
	{ "READDIRPLUS, itself", FUSE_READDIRPLUS, DIR_, do_list_dir },
	{ "OPENDIR", FUSE_OPENDIR, DIR_, do_opendir },
	{ "FLUSH", FUSE_FLUSH, FILE_OPEN, do_flush },
	{ "CREATE", FUSE_CREATE, MISSING, do_create },
	{ "MKDIR", FUSE_MKDIR, MISSING, do_mkdir },
	{ "SYMLINK", FUSE_SYMLINK, MISSING, do_symlink },
	{ "LINK", FUSE_LINK, MISSING, do_link },
	{ "UNLINK", FUSE_UNLINK, FILE_OLD, do_unlink },
	{ "RMDIR", FUSE_RMDIR, DIR_, do_rmdir },
	{ "RENAME", FUSE_RENAME, FILE_OLD, do_rename },
};

static void start(const struct inval_method *m)
{
	struct stat st;
	int i;

	stage_start(m, tree_keep_pages);
	tree_keep_listings();
	for (i = 0; i < OBJECTS; i++)
		slot[i] = stage_add(modes[i]);
	tree_set_size(stage_ino(slot[FILE_OPEN]), 100);
	tree_add(stage_ino(slot[DIR_]), "below", S_IFREG | 0644);
	file = open(stage_path(slot[FILE_OPEN]), O_RDWR);
	for (i = 0; i < OBJECTS; i++)
		if (i != FILE_NEW)
			lstat(stage_path(slot[i]), &st);
}

static void *use(void *handler)
{
	((const struct handler *)handler)->use();
	return NULL;
}

/* Returns whether it came back by itself. */
static bool comes_back(pthread_t user)
{
	uint64_t begin_us = now_us(), moved_us = begin_us, at_us;

	while (!joined_within(user, LOOK_MS)) {
		at_us = now_us();
		if (!is_in_state(server_tid(), "D"))
			moved_us = at_us;
		if (at_us - moved_us > hazard_options.patience_ms * 1000ull)
			return false;
		if (at_us - begin_us > PATIENCE_MS * 1000ull)
			say_broken("it hangs, but not in the notification");
	}
	return true;
}

static void notify_in(const struct inval_method *m, const struct handler *h)
{
	char message[MESSAGE_MAX_BYTES] __attribute__((aligned(8)));
	uint64_t before = server_count(h->opcode);
	pthread_t user;
	bool back;

	start(m);
	before = server_count(h->opcode);
	server_write_in(h->opcode, message,
			stage_message(m, slot[h->about], message));
	pthread_create(&user, NULL, use, (void *)h);
	back = comes_back(user);
	if (!back) {
		server_abort();
		if (!joined_within(user, PATIENCE_MS))
			say_broken("an abort doesn't get it out of %s",
				   h->name);
	}
	server_write_in(0, NULL, 0);
	if (server_count(h->opcode) == before)
		say_broken("control: no %s came", h->name);
	say_hazard(h->name, !back, "%s", back ? "" : "deadlock");
	close(file);
	stage_stop();
}

static void run(const struct inval_method *m)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		notify_in(m, &handlers[i]);
}

const struct hazard hazard_deadlock = {
	.name = "deadlock",
	.title = "Deadlocks of a daemon that notifies inside a handler",
	.note = "The daemon has one thread and writes the message before it "
		"replies, about what it is asked for: that name, that inode, "
		"or an entry of that directory (READDIRPLUS also: the "
		"directory itself).  A deadlock is over only when the "
		"connection is aborted; each was, and ended.",
	.concerns = method_is_message,
	.run = run,
	.limit_s = 180,
};
