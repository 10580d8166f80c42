// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_bound.c - what becomes of files of the tree that are bound elsewhere, or
 * that something else is bound onto, as containers do with /etc/resolv.conf.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

static const char place[] = "/tmp/place", other[] = "/tmp/other";

static uint64_t bound_slot, fd_slot, under_slot;
static int fd;

static int bind_on(const char *from, const char *to)
{
	return mount(from, to, NULL, MS_BIND, NULL) ? errno : 0;
}

/* Only to see if it can be done. */
static int try_bind(const char *from, const char *to)
{
	int err = bind_on(from, to);

	if (!err)
		umount2(to, MNT_DETACH);
	return err;
}

static int read_place(void)
{
	int file = open(place, O_RDONLY | O_CLOEXEC), err = 0;
	char byte;

	if (file < 0 || pread(file, &byte, 1, 0) != 1)
		err = errno;
	close(file);
	return err;
}

static int bind_place(void)
{
	return try_bind(place, other);
}

static int bind_on_place(void)
{
	return try_bind(other, place);
}

static int bind_fd(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return try_bind(path, other);
}

static int see_under(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", TREE_TOP_NAME,
		 stage_name(under_slot));
	return is_mounted(path) ? 0 : ENOENT;
}

static const struct use {
	const char *probe;
	int (*of)(void); /* 0 or an errno */
} uses[] = {
	{ "source of a mount", bind_place },
	{ "target of a mount", bind_on_place },
	{ "source by O_PATH", bind_fd },
	{ "read", read_place },
	{ "what is bound onto it", see_under },
};

enum { USES = sizeof(uses) / sizeof(uses[0]) };

static void set_scene(void)
{
	int err;

	bound_slot = stage_add(S_IFREG | 0644);
	fd_slot = stage_add(S_IFREG | 0644);
	under_slot = stage_add(S_IFREG | 0644);
	tree_set_size(stage_ino(bound_slot), 1);
	mknod(place, S_IFREG | 0644, 0);
	mknod(other, S_IFREG | 0644, 0);
	fd = open(stage_path(fd_slot), O_PATH | O_CLOEXEC);
	err = bind_on(stage_path(bound_slot), place);
	if (!err)
		err = bind_on(other, stage_path(under_slot));
	if (fd < 0 || err)
		say_broken("the scene can't be set: %s", strerror(err));
	for (int i = 0; i < USES; i++) {
		err = uses[i].of();
		if (err)
			say_broken("control: %s: %s", uses[i].probe,
				   strerror(err));
	}
}

/* Somebody else walks there, by path. */
static void walk(void)
{
	struct stat st;

	lstat(stage_path(bound_slot), &st);
	lstat(stage_path(fd_slot), &st);
	lstat(stage_path(under_slot), &st);
}

static void run(const struct inval_method *m)
{
	stage_start(m, NULL);
	set_scene();
	stage_notify(m);
	walk();
	for (int i = 0; i < USES; i++) {
		int err = uses[i].of();

		say_hazard(uses[i].probe, err, "%s",
			   !err			     ? ""
			   : uses[i].of == see_under ? "detached"
						     : strerrorname_np(err));
	}
	close(fd);
	umount2(place, MNT_DETACH);
	umount2(stage_path(under_slot), MNT_DETACH);
	stage_stop();
}

const struct hazard hazard_bound = {
	.name = "bound",
	.title = "Files that are bound",
	.note = "A file of the tree is bound onto another place, one is open "
		"with O_PATH, and something is bound onto a third; nothing "
		"changes; the method, about all three; somebody walks there by "
		"path.  Can the bound file be read, and can it (or the open "
		"one) be the source or the target of another mount?  Where it "
		"can't, /proc/self/mountinfo says \"//deleted\".",
	.stack = "a bound file (containers)",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
