// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of a READDIRPLUS reply are as old as its request.  One made before a
 * bump is consumed after it.  v8 samples the epoch after the reply, so they
 * stay in the cache although the server has told that they changed.  Walks
 * start at the open directory: from the root they would meet a stale "dir"
 * first and take all below it down.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static DIR *dir;

static void *reader(void *unused)
{
	(void)unused;
	while (readdir(dir))
		;
	return NULL;
}

/* Read "dir" with the reply held; bump meanwhile if @bump. */
static void read_across(bool bump, void (*meanwhile)(void))
{
	pthread_t thread;

	rewinddir(dir);
	server_hold(FUSE_READDIRPLUS, 0);
	pthread_create(&thread, NULL, reader, NULL);
	server_wait_held();
	if (meanwhile)
		meanwhile();
	if (bump)
		server_bump();
	server_release();
	pthread_join(thread, NULL);
}

static uint64_t dir_ino, file, moved;

static void replace(void)
{
	tree_unlink(dir_ino, "name");
	file = tree_add(dir_ino, "name", S_IFREG | 0644);
	tree_set_size(file, 2222);
}

/* Now also look it up, so that a newer dentry is there already. */
static void replace_and_lookup(void)
{
	struct stat st;

	replace();
	server_bump();
	fstatat(dirfd(dir), "name", &st, 0);
}

/* A directory that another name has now: it has one dentry, at that name. */
static void move_and_lookup(void)
{
	struct stat st;

	tree_unlink(dir_ino, "before");
	tree_link(moved, dir_ino, "after");
	server_bump();
	fstatat(dirfd(dir), "after", &st, 0);
}

/* LOOKUPs of a walk from the open directory. */
static uint64_t lookups_from_dir(const char *name, struct stat *st)
{
	uint64_t before = server_count(FUSE_LOOKUP);

	memset(st, 0, sizeof(*st));
	fstatat(dirfd(dir), name, st, 0);
	return server_count(FUSE_LOOKUP) - before;
}

static void without_a_bump(void)
{
	struct stat st;

	read_across(false, NULL);
	ktap_control_is(lookups_from_dir("name", &st), 0,
			"LOOKUPs after READDIRPLUS without a bump");
	ktap_control_is(st.st_size, 1111, "size from READDIRPLUS");
}

static void across_a_bump(void)
{
	struct stat st;

	read_across(true, replace);
	ktap_is(lookups_from_dir("name", &st), 1,
		"LOOKUPs after a bump during READDIRPLUS");
	ktap_is(st.st_ino, file, "inode");
	ktap_is(st.st_size, 2222, "its size");

	tree_set_size(file, 1111);
	read_across(false, replace_and_lookup);
	ktap_is(lookups_from_dir("name", &st), 0,
		"LOOKUPs: what was looked up during READDIRPLUS is still "
		"there");
	ktap_is(st.st_ino, file, "inode");
	ktap_is(st.st_size, 2222, "its size");
}

/* The name that it had isn't there any more, for the kernel as for the server. */
static void moves_a_directory(void)
{
	struct stat st;

	moved = tree_add(dir_ino, "before", S_IFDIR | 0755);
	read_across(false, move_and_lookup);
	ktap_is(lookups_from_dir("before", &st), 1,
		"LOOKUPs of the name that a directory had");
	ktap_is(st.st_ino, 0, "inode, and there is none");
	ktap_is(lookups_from_dir("after", &st), 0,
		"LOOKUPs: an older reply didn't move it back");
	ktap_is(st.st_ino, moved, "inode");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	dir_ino = tree_add(ROOT, "dir", S_IFDIR | 0755);
	file = tree_add(dir_ino, "name", S_IFREG | 0644);
	tree_set_size(file, 1111);
	dir = opendir(server_path("dir"));

	without_a_bump(); /* the control */
	across_a_bump();
	moves_a_directory();

	closedir(dir);
	server_stop();
	return ktap_end();
}
