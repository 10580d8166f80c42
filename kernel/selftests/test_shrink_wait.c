// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoch_shrink=2 doesn't keep a worker while a super block is busy.  A remount
 * holds it, and waits for the server to take an mtime; nothing can be dropped
 * meanwhile, and looking at it 50 times a second doesn't help.
 *
 * red: shrink
 * skip: v8 7.3
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { FILES = 100, SOON_MS = 1000 };

/* Has a worker of the kernel this work now?  Then it says so with its name. */
static bool works(void)
{
	DIR *proc = opendir("/proc");
	char path[300], name[64];
	struct dirent *entry;
	bool found = false;
	FILE *file;

	while (proc && !found && (entry = readdir(proc))) {
		if (!isdigit(entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file))
			found = strstr(name, "+fuse_epoch");
		fclose(file);
	}
	if (proc)
		closedir(proc);
	return found;
}

static void *remount(void *unused)
{
	(void)unused;
	mount(NULL, server_path(""), NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV,
	      NULL);
	return NULL;
}

/* Returns a descriptor: close() would write it. */
static int leave_dirty(const char *name)
{
	int fd = open(server_path(name), O_WRONLY);

	ktap_control(write(fd, "x", 1) == 1, "something is to be written");
	return fd;
}

int main(void)
{
	pthread_t remounter;
	uint64_t before;
	int fd;

	ktap_begin();
	tree_want(FUSE_WRITEBACK_CACHE);
	server_start();
	server_need_epochs();
	need_shrink_modes();
	tree_add(ROOT, "dirty", S_IFREG | 0644);
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", FILES);
	list_dir("dir");
	set_shrink_mode("2");
	before = server_forgotten();
	server_bump();
	ktap_control(
		poll_until(server_forgotten() - before > FILES, PATIENCE_MS),
		"all is forgotten when nobody is in the way");

	server_hold(FUSE_SETATTR, 0); /* with its mtime */
	fd = leave_dirty("dirty");
	pthread_create(&remounter, NULL, remount, NULL);
	server_wait_held();
	list_dir("dir"); /* now: the remount has dropped all that was there */
	before = server_forgotten();
	server_bump();
	poll_until(works(), SOON_MS / 4);
	ktap_ok(poll_until(!works(), SOON_MS), "no worker waits for a remount");
	ktap_control_is(server_forgotten() - before, 0,
			"inodes forgotten meanwhile");
	server_release();
	pthread_join(remounter, NULL);
	close(fd);
	ktap_control(
		poll_until(server_forgotten() - before > FILES, PATIENCE_MS),
		"all is forgotten after it");
	set_shrink_mode("0");
	server_stop();
	return ktap_end();
}
