// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_watch.c - do watches of a file go on, whatever the server says of its
 * number of names?
 */
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/served.h"
#include "methods.h"
#include "stage.h"
#include "watch.h"

static struct {
	const char *probe;
	enum watch_kind kind;
	uint32_t nlink; /* that the server says */
	uint64_t slot;
	int fd;
} watches[] = {
	{ "inotify", WATCH_INOTIFY, 1, 0, -1 },
	{ "inotify, nlink 0", WATCH_INOTIFY, 0, 0, -1 },
	{ "fanotify", WATCH_FANOTIFY, 1, 0, -1 },
	{ "fanotify, nlink 0", WATCH_FANOTIFY, 0, 0, -1 },
	{ "evictable mark", WATCH_EVICTABLE, 1, 0, -1 },
};

enum { WATCHES = sizeof(watches) / sizeof(watches[0]) };

static void run(const struct inval_method *m)
{
	struct stat st;

	stage_start(m, NULL);
	for (int i = 0; i < WATCHES; i++) {
		watches[i].slot = stage_add(S_IFREG | 0644);
		tree_set_nlink(stage_ino(watches[i].slot), watches[i].nlink);
	}
	for (int i = 0; i < WATCHES; i++)
		watches[i].fd = watch_start(watches[i].kind,
					    stage_path(watches[i].slot));
	stage_notify(m);
	for (int i = 0; i < WATCHES; i++)
		lstat(stage_path(watches[i].slot), &st);
	for (int i = 0; i < WATCHES; i++)
		watch_say(watches[i].probe, watches[i].kind, watches[i].fd,
			  stage_path(watches[i].slot));
	stage_stop();
}

const struct hazard hazard_watch = {
	.name = "watch",
	.title = "Watches, by the server's st_nlink",
	.note = "A file is watched with inotify, with a mark of fanotify, or "
		"with one that doesn't keep the inode (FAN_MARK_EVICTABLE); "
		"the server says that it has one name, or none, as some do of "
		"all files; the method, about the files; somebody walks there "
		"by path, and then opens the file.  Is that told?  A watch "
		"that ends says so; a mark is silent.",
	.stack = "a watch",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 30,
	.confirm = true,
};
