// SPDX-License-Identifier: GPL-2.0-only
/*
 * An inode that a reply from before a bump makes has attributes, and gives them
 * up for newer ones.  It is asked through the open file: its name is old, and a
 * walk would look it up.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { OLD = 1111, NEW = 2222 };

struct task {
	const char *name;
	int flags;
	pthread_t thread;
	int fd;
};

static void *open_it(void *arg)
{
	struct task *task = arg;

	task->fd = open(server_path(task->name), task->flags, 0644);
	return NULL;
}

/* Open a name, with the reply to @opcode held. */
static struct fuse_out_header *start(struct task *task, uint32_t opcode)
{
	server_hold(opcode, 0);
	pthread_create(&task->thread, NULL, open_it, task);
	server_wait_held();
	return server_take_held();
}

static void finish(struct task *task, struct fuse_out_header *reply)
{
	server_send(reply);
	pthread_join(task->thread, NULL);
}

/* A file with two names, so that its LOOKUPs can overtake each other. */
static uint64_t add_file(const char *name, const char *other)
{
	uint64_t ino = tree_add(ROOT, name, S_IFREG | 0640);

	tree_set_size(ino, OLD);
	tree_link(ino, ROOT, other);
	return ino;
}

static void change(uint64_t ino)
{
	tree_set_size(ino, NEW);
	tree_set_mode(ino, S_IFREG | 0604);
	server_bump();
}

/* Checks an open file, and closes it. */
static void has(struct task *task, uint64_t ino, uint64_t size, uint32_t mode)
{
	struct stat st = { 0 };

	ktap_ok(!fstat(task->fd, &st) && st.st_ino == ino, "%s: its inode",
		task->name);
	ktap_is(st.st_size, size, "its size");
	ktap_is(st.st_mode & 07777, mode, "its mode, decimal");
	close(task->fd);
}

/* Nobody asks for newer ones: what the reply said is what is known. */
static void alone(bool bump)
{
	struct task task = { .name = bump ? "alone" : "control",
			     .flags = O_PATH };
	uint64_t ino = add_file(task.name, "alone-2"), gets;
	struct fuse_out_header *reply = start(&task, FUSE_LOOKUP);

	if (bump)
		change(ino);
	finish(&task, reply);
	gets = server_count(FUSE_GETATTR);
	has(&task, ino, OLD, 0640);
	ktap_is(server_count(FUSE_GETATTR) - gets, 0, "GETATTRs for that");
	ktap_is(lookups_of(task.name), bump, "LOOKUPs after that");
	tree_unlink(ROOT, "alone-2");
	task.fd = open(server_path(task.name), O_PATH);
	has(&task, ino, bump ? NEW : OLD, bump ? 0604 : 0640);
}

/* The older reply makes the inode while a newer LOOKUP is on its way. */
static void older_first(void)
{
	struct task old = { .name = "first", .flags = O_PATH },
		    new = { .name = "first-2", .flags = O_PATH };
	uint64_t ino = add_file(old.name, new.name);
	struct fuse_out_header *older = start(&old, FUSE_LOOKUP), *newer;

	change(ino);
	newer = start(&new, FUSE_LOOKUP);
	finish(&old, older);
	finish(&new, newer);
	has(&old, ino, NEW, 0604);
	has(&new, ino, NEW, 0604);
}

/* The newer LOOKUP has made it when the older reply comes. */
static void newer_first(void)
{
	struct task old = { .name = "second", .flags = O_PATH },
		    new = { .name = "second-2", .flags = O_PATH };
	uint64_t ino = add_file(old.name, new.name);
	struct fuse_out_header *older = start(&old, FUSE_LOOKUP);

	change(ino);
	finish(&new, start(&new, FUSE_LOOKUP));
	finish(&old, older);
	has(&old, ino, NEW, 0604);
	has(&new, ino, NEW, 0604);
}

/* open(O_CREAT): what its reply says of the new file is out of date. */
static void created(bool bump)
{
	struct task task = { .name = bump ? "created" : "made",
			     .flags = O_CREAT | O_WRONLY };
	struct fuse_out_header *reply = start(&task, FUSE_CREATE);
	uint64_t ino = tree_ino_of(ROOT, task.name);

	if (bump)
		change(ino);
	finish(&task, reply);
	has(&task, ino, bump ? NEW : 0, bump ? 0604 : 0644);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();

	/* The controls: the same without a bump. */
	alone(false);
	created(false);

	alone(true);
	older_first();
	newer_first();
	created(true);

	server_stop();
	return ktap_end();
}
