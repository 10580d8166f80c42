// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_open.c - what becomes of files in use, working directories, watches.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"
#include "watch.h"

static uint64_t file_slot, cwd_slot, watched_slot, watched_dir_slot;
static int file, watch_file, watch_dir;

static void set_scene(void)
{
	file_slot = stage_add(S_IFREG | 0644);
	cwd_slot = stage_add(S_IFDIR | 0755);
	watched_slot = stage_add(S_IFREG | 0644);
	watched_dir_slot = stage_add(S_IFDIR | 0755);
	tree_set_size(stage_ino(file_slot), 1);
	tree_add(stage_ino(cwd_slot), "below", S_IFREG | 0644);
	tree_add(stage_ino(watched_dir_slot), "below", S_IFREG | 0644);
	file = open(stage_path(file_slot), O_RDONLY);
	if (file < 0 || chdir(stage_path(cwd_slot)))
		say_broken("the scene can't be set: %s", strerror(errno));
	watch_file = watch_start(WATCH_INOTIFY, stage_path(watched_slot));
	watch_dir = watch_start(WATCH_INOTIFY, stage_path(watched_dir_slot));
}

/* Somebody else walks there, by path. */
static void walk(void)
{
	const uint64_t all[] = { file_slot, cwd_slot, watched_slot,
				 watched_dir_slot };
	struct stat st;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		lstat(stage_path(all[i]), &st);
}

static void say_file(void)
{
	char link[64], name[256], byte;
	ssize_t len;
	bool reads = pread(file, &byte, 1, 0) == 1;

	say_hazard("open file: read", !reads, "%s", reads ? "" : "fails");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	len = readlink(link, name, sizeof(name) - 1);
	name[len > 0 ? len : 0] = '\0';
	if (!strcmp(name, stage_path(file_slot)))
		say_hazard("/proc/self/fd", false, "%s", "");
	else
		say_hazard("/proc/self/fd", true, "%s",
			   strstr(name, " (deleted)") ? "(deleted)"
						      : "another name");
}

static void say_cwd(void)
{
	char path[256] = "";
	bool named = getcwd(path, sizeof(path)) && path[0] == '/';
	struct stat st;

	say_hazard("cwd: getcwd", !named, "%s",
		   named	     ? ""
		   : errno == ENOENT ? "ENOENT"
				     : "unreachable");
	if (!lstat("below", &st))
		say_hazard("cwd: stat in it", false, "%s", "");
	else
		say_hazard("cwd: stat in it", true, "%s",
			   strerrorname_np(errno));
}

static void run(const struct inval_method *m)
{
	char below[256];

	stage_start(m, NULL);
	set_scene();
	stage_notify(m);
	walk();
	say_file();
	say_cwd();
	snprintf(below, sizeof(below), "%s/below",
		 stage_path(watched_dir_slot));
	watch_say("inotify: file", WATCH_INOTIFY, watch_file,
		  stage_path(watched_slot));
	watch_say("inotify: directory", WATCH_INOTIFY, watch_dir, below);
	close(file);
	if (chdir("/"))
		say_broken("cannot leave: %s", strerror(errno));
	stage_stop();
}

const struct hazard hazard_open = {
	.name = "open",
	.title = "Open files, working directories, watches",
	.note = "A process has a file open, a directory as its working "
		"directory, and watches a file and a directory with inotify; "
		"the method, about all four names; somebody walks there by "
		"path; then the process goes on.",
	.stack = "open files, cwd, inotify",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 30,
};
