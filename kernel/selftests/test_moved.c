// SPDX-License-Identifier: GPL-2.0-only
/*
 * A LOOKUP from before a bump doesn't move a directory back.
 * A directory has one dentry, and d_splice_alias() moves it to wherever a reply
 * says that it is.  The server moves it and bumps while a LOOKUP of its old name
 * is in flight; the new name is looked up, and then the older reply comes.  In
 * v8 it takes the dentry back, with its old epoch.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

struct task {
	const char *name;
	pthread_t thread;
	int error;
	ino_t ino;
};

static void *walk(void *arg)
{
	struct task *task = arg;
	struct stat st = { 0 };

	task->error = stat(server_path(task->name), &st) ? errno : 0;
	task->ino = st.st_ino;
	return NULL;
}

/* Walk there with the LOOKUP held. */
static void start(struct task *task)
{
	server_hold(FUSE_LOOKUP, ROOT);
	pthread_create(&task->thread, NULL, walk, task);
	server_wait_held();
}

/* Let it go; returns the LOOKUPs that its walk took after that. */
static uint64_t finish(struct task *task)
{
	uint64_t before = server_count(FUSE_LOOKUP);

	server_release();
	pthread_join(task->thread, NULL);
	return server_count(FUSE_LOOKUP) - before;
}

/* The control: nothing has moved, and a late reply is as good as any. */
static void stays(void)
{
	struct task task = { .name = "stays" };
	uint64_t ino = tree_add(ROOT, task.name, S_IFDIR | 0755);

	start(&task);
	ktap_control_is(finish(&task), 0, "LOOKUPs after one without a bump");
	ktap_control(!task.error && task.ino == ino, "it finds the directory");
	ktap_control_is(lookups_of(task.name), 0, "LOOKUPs after that");
}

/*
 * Moved while a LOOKUP of its old name is in flight.  Without a bump (the
 * control) nobody can tell which reply is the newer one: the last one wins.
 */
static void moves(bool bump)
{
	const char *after = bump ? "after-2" : "after-1";
	struct task task = { .name = bump ? "before-2" : "before-1" };
	uint64_t ino = tree_add(ROOT, task.name, S_IFDIR | 0755);
	int fd;

	start(&task);
	tree_unlink(ROOT, task.name);
	tree_link(ino, ROOT, after);
	if (bump)
		server_bump();
	fd = open(server_path(after), O_PATH);
	ktap_ok(is_at(fd, after), "the directory is at %s", after);
	ktap_is(finish(&task), bump,
		"LOOKUPs after the reply for its old name");
	ktap_is(task.error, bump ? ENOENT : 0, "what that walk finds, errno");
	ktap_ok(is_at(fd, bump ? after : task.name), "the directory is at %s",
		bump ? after : task.name);
	ktap_is(lookups_of(after), !bump, "LOOKUPs of its new name");
	ktap_is(lookups_of(after), 0, "LOOKUPs again");
	close(fd);
}

/*
 * A server that bumps in each LOOKUP: all its replies are from before a bump,
 * and directories have to be found nevertheless, new, old or moved.
 */
static void found_whatever_happens(void)
{
	uint64_t ino = tree_add(ROOT, "busy", S_IFDIR | 0755);
	struct task task = { .name = "busy" };
	int fd;

	server_bump_in(FUSE_LOOKUP);
	walk(&task);
	ktap_ok(!task.error && task.ino == ino, "a new directory is found");
	walk(&task);
	ktap_ok(!task.error && task.ino == ino, "an old one is found again");
	fd = open(server_path("busy"), O_PATH);
	ktap_ok(is_at(fd, "busy"), "it is opened");
	tree_unlink(ROOT, "busy");
	tree_link(ino, ROOT, "busy-2");
	task.name = "busy-2";
	walk(&task);
	ktap_ok(!task.error && task.ino == ino, "one that moved is found");
	ktap_ok(is_at(fd, "busy-2"), "and that is where it is");
	server_bump_in(0);
	close(fd);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	stays();
	moves(false);
	moves(true);
	found_whatever_happens();
	server_stop();
	return ktap_end();
}
