// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_error.c - what is lost if the first walk after a method gets no answer:
 * an error, or it is killed before?
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/pause.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

static void touch(uint64_t slot)
{
	struct stat st;

	fstatat(stage_top(), stage_name(slot), &st, 0);
}

static void touch_failing(uint64_t slot)
{
	server_fail(FUSE_LOOKUP, EIO, false);
	touch(slot);
	server_fail(0, 0, false);
}

/* Before the server has read what it asks, if it asks. */
static void touch_killed(uint64_t slot)
{
	pid_t pid;
	int status;

	server_pause();
	pid = fork();
	if (!pid) {
		touch(slot);
		_exit(0);
	}
	if (pid < 0 || !poll_until(server_waiting() || waitpid(pid, &status,
							       WNOHANG) == pid,
				   PATIENCE_MS))
		say_broken("nobody walks");
	if (server_waiting()) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	server_resume();
}

static struct walk {
	const char *mounted, *working; /* probes */
	void (*touch)(uint64_t slot);
	uint64_t mounted_slot, working_slot;
	int fd; /* of the latter, to make it the working directory */
} walks[] = {
	{ "mounted below", "working directory", touch, 0, 0, -1 },
	{ "mounted below, EIO", "working directory, EIO", touch_failing, 0, 0,
	  -1 },
	{ "mounted below, killed", "working directory, killed", touch_killed, 0,
	  0, -1 },
};

enum { WALKS = sizeof(walks) / sizeof(walks[0]) };

static const char *below(uint64_t slot)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s/below", TREE_TOP_NAME,
		 stage_name(slot));
	return path;
}

static void set_scene(void)
{
	for (int i = 0; i < WALKS; i++) {
		walks[i].mounted_slot = stage_add(S_IFDIR | 0755);
		walks[i].working_slot = stage_add(S_IFDIR | 0755);
	}
	for (int i = 0; i < WALKS; i++) {
		struct walk *w = &walks[i];

		tree_add(stage_ino(w->mounted_slot), "below", S_IFDIR | 0755);
		w->fd = open(stage_path(w->working_slot), O_PATH | O_CLOEXEC);
		if (w->fd < 0 ||
		    mount("none", server_path(below(w->mounted_slot)), "tmpfs",
			  0, NULL))
			say_broken("the scene can't be set: %s",
				   strerror(errno));
	}
}

/* Somebody who gets an answer walks there, too. */
static void say_mounted(const struct walk *w)
{
	const char *path = below(w->mounted_slot);
	bool there;

	w->touch(w->mounted_slot);
	touch(w->mounted_slot);
	there = is_mounted(path);
	say_hazard(w->mounted, !there, "%s", there ? "" : "detached");
	umount2(server_path(path), MNT_DETACH);
}

static bool has_cwd(void)
{
	char path[256];

	return getcwd(path, sizeof(path)) && path[0] == '/';
}

static void say_working(const struct walk *w)
{
	bool named, later;

	if (fchdir(w->fd))
		say_broken("cannot be there: %s", strerror(errno));
	w->touch(w->working_slot);
	named = has_cwd();
	touch(w->working_slot);
	later = has_cwd();
	say_hazard(w->working, !named || !later, "%s",
		   !later   ? "(deleted)"
		   : !named ? "(deleted) until the next walk"
			    : "");
	if (chdir("/"))
		say_broken("cannot leave: %s", strerror(errno));
	close(w->fd);
}

static void run(const struct inval_method *m)
{
	stage_start(m, NULL);
	set_scene();
	stage_notify(m);
	for (int i = 0; i < WALKS; i++)
		say_mounted(&walks[i]);
	for (int i = 0; i < WALKS; i++)
		say_working(&walks[i]);
	stage_stop();
}

const struct hazard hazard_error = {
	.name = "error",
	.title = "A first walk that gets no answer",
	.note = "Something is mounted below one directory, and another is the "
		"working directory of a process; nothing changes; the method, "
		"about both.  Then the first walk gets an answer (for "
		"comparison), gets EIO, or is killed while the daemon is "
		"stopped; then somebody walks there who gets an answer.  "
		"Detached mounts don't come back.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 30,
	.confirm = true,
};
