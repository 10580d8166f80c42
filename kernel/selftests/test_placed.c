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

/* Who is held in the window, by its name, and who comes meanwhile. */
struct scene {
	struct task older, newer;
	bool newer_is_held;
	const char *opens, *comes;
};

/* Have the newer or the older one go on to where it looks. */
static void look(struct scene *scene, bool newer)
{
	if (newer)
		start(&scene->newer);
	else
		server_release();
}

/* Neither the directory, nor what has been found of it. */
static void leave_nothing(const char *was, const char *is)
{
	tree_unlink(ROOT, is);
	server_bump();
	lookups_of(was);
	lookups_of(is);
	server_bump();
}

/*
 * false: who was to come while the window was open came when it had closed by
 * itself, as this machine is busy.  Nothing was checked.
 */
static bool play(struct scene scene)
{
	const struct task *second =
		scene.newer_is_held ? &scene.older : &scene.newer;
	const char *was = scene.older.name, *is = scene.newer.name;
	bool opened, came, met;
	uint64_t ino;
	int fd = prepare(&ino, &scene.older, was, is);

	window_want();
	look(&scene, scene.newer_is_held);
	opened = poll_until(window_has_opened(), PATIENCE_MS);
	look(&scene, !scene.newer_is_held);
	came = poll_until(is_past(second), PATIENCE_MS);
	met = window_is_open();
	window_close();
	pthread_join(scene.newer.thread, NULL);
	pthread_join(scene.older.thread, NULL);
	if (opened && came && !met) {
		close(fd);
		leave_nothing(was, is);
		return false;
	}
	ktap_control(opened, "%s", scene.opens);
	ktap_control(met, "%s", scene.comes);
	check(fd, ino, was, is);
	return true;
}

static const struct scene scenes[] = {
	{
		.older = { .name = "older" },
		.newer = { .name = "spliced", .cpu = 1 },
		.newer_is_held = true,
		.opens = "the newer one has moved it",
		.comes = "the older one comes meanwhile",
	},
	{
		.older = { .name = "splicing", .cpu = 1 },
		.newer = { .name = "newer" },
		.opens = "the older one is about to move it",
		.comes = "the newer one comes meanwhile",
	},
};

int main(void)
{
	unsigned int i = 0;

	ktap_begin();
	server_start();
	server_need_epochs();
	/* Once more, with another directory, if nothing was checked */
	while (i < sizeof(scenes) / sizeof(*scenes))
		i += play(scenes[i]);
	server_stop();
	return ktap_end();
}
