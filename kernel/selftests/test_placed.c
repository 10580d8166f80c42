// SPDX-License-Identifier: GPL-2.0-only
/*
 * A directory that moved is valid where the newest reply saw it, nowhere else.
 * Two LOOKUPs are on their way, one from before a bump, one after it.  The module
 * delay holds one of them at the moment when it moves the directory's dentry,
 * until the other is through, or waits for it: once the newer one after it has
 * moved it and before it stamps it, once the older one before it moves it.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "kernel/testfs/window.h"

struct task {
	const char *name;
	int cpu;
	pthread_t thread;
	volatile pid_t tid;
	volatile bool done;
};

static void *walk(void *arg)
{
	struct task *task = arg;

	server_pin(task->cpu);
	task->tid = syscall(SYS_gettid);
	lookups_of(task->name);
	task->done = true;
	return NULL;
}

static void start(struct task *task)
{
	pthread_create(&task->thread, NULL, walk, task);
}

/* Is it through, or does it wait for who is in the window? */
static bool is_past(const struct task *task)
{
	return task->done || (task->tid && is_in_state(task->tid, "D"));
}

/* What the newest reply said is what is found now. */
static void check(int fd, uint64_t ino, const char *was, const char *is)
{
	struct stat st;

	ktap_ok(is_at(fd, is), "the directory is at %s", is);
	ktap_is(lookups_of(is), 0, "LOOKUPs of its new name");
	ktap_is(stat(server_path(was), &st) ? errno : 0, ENOENT,
		"stat of the old name, errno");
	ktap_ok(!stat(server_path(is), &st) && st.st_ino == ino,
		"its new name is found");
	ktap_ok(is_at(fd, is), "the directory is still there");
	close(fd);
}

/*
 * A directory that somebody has open, so that its dentry is there to be moved,
 * and a LOOKUP of @was that has its reply when the directory is moved to @is.
 */
static int prepare(uint64_t *ino, struct task *older, const char *was,
		   const char *is)
{
	int fd;

	*ino = tree_add(ROOT, was, S_IFDIR | 0755);
	fd = open(server_path(was), O_PATH);
	server_bump();
	/* Else the older one's walk would keep the dentry if it is asked for. */
	tree_unlink(ROOT, was);
	lookups_of(was);
	tree_link(*ino, ROOT, was);
	server_bump();
	server_hold(FUSE_LOOKUP, ROOT);
	start(older);
	server_wait_held();
	tree_unlink(ROOT, was);
	tree_link(*ino, ROOT, is);
	server_bump();
	return fd;
}

static void moved_before_it_is_stamped(void)
{
	struct task older = { .name = "older" };
	struct task newer = { .name = "spliced", .cpu = 1 };
	uint64_t ino;
	int fd = prepare(&ino, &older, older.name, newer.name);

	window_want();
	start(&newer);
	ktap_control(poll_until(window_is_open(), PATIENCE_MS),
		     "the newer one has moved it");
	server_release();
	poll_until(is_past(&older), PATIENCE_MS);
	ktap_control(window_is_open(), "the older one comes meanwhile");
	window_close();
	pthread_join(newer.thread, NULL);
	pthread_join(older.thread, NULL);
	check(fd, ino, older.name, newer.name);
}

static void found_before_it_is_moved(void)
{
	struct task older = { .name = "splicing", .cpu = 1 };
	struct task newer = { .name = "newer" };
	uint64_t ino;
	int fd = prepare(&ino, &older, older.name, newer.name);

	window_want();
	server_release();
	ktap_control(poll_until(window_is_open(), PATIENCE_MS),
		     "the older one is about to move it");
	start(&newer);
	poll_until(is_past(&newer), PATIENCE_MS);
	ktap_control(window_is_open(), "the newer one comes meanwhile");
	window_close();
	pthread_join(newer.thread, NULL);
	pthread_join(older.thread, NULL);
	check(fd, ino, older.name, newer.name);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	moved_before_it_is_stamped();
	found_before_it_is_moved();
	server_stop();
	return ktap_end();
}
