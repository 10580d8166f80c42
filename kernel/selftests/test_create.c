// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that open(O_CREAT) makes has its name, whoever walks there meanwhile.
 * The epoch is incremented between its LOOKUP and its CREATE; a walk that meets
 * the negative dentry while CREATE is on its way finds it old and unhashes it.
 * In v8 that is where the new file then is: "(deleted)", though it isn't.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

struct task {
	const char *name;
	pthread_t thread;
	int fd;
	volatile pid_t tid;
};

static void *create(void *arg)
{
	struct task *task = arg;

	task->fd = open(server_path(task->name), O_CREAT | O_RDWR, 0644);
	return NULL;
}

static void *walk(void *arg)
{
	struct task *task = arg;

	task->tid = syscall(SYS_gettid);
	lookups_of(task->name);
	return NULL;
}

static void make(const char *name, bool bump)
{
	struct task maker = { .name = name }, walker = { .name = name };
	char link[64], path[128] = "";
	uint64_t lookups;

	server_hold(FUSE_CREATE, 0);
	if (bump)
		server_bump_in(FUSE_LOOKUP);
	pthread_create(&maker.thread, NULL, create, &maker);
	server_wait_held();
	server_bump_in(0);
	pthread_create(&walker.thread, NULL, walk, &walker);
	/* Where the dentry is valid, the walk doesn't wait. */
	if (bump)
		ktap_control(
			poll_until(is_in_state(walker.tid, "D"), PATIENCE_MS),
			"%s: a walk waits for the directory", name);
	else
		pthread_join(walker.thread, NULL);
	server_release();
	pthread_join(maker.thread, NULL);
	if (bump)
		pthread_join(walker.thread, NULL);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", maker.fd);
	readlink(link, path, sizeof(path) - 1);
	ktap_ok(maker.fd >= 0 && !strcmp(path, server_path(name)),
		"%s: the open file is %s", name, path);
	lookups = lookups_of(name);
	ktap_is(lookups, 0, "LOOKUPs of its name after that");
	close(maker.fd);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	make("control", false);
	make("bumped", true);
	server_stop();
	return ktap_end();
}
