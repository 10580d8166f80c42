// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of a READDIRPLUS reply are as old as its request.  One made before a
 * bump is consumed after it.  v8 samples the epoch after the reply, so they
 * stay in the cache although the server has told that they changed.  Walks
 * start at the open directory: from the root they would meet a stale "dir"
 * first and take all below it down.
 *
 * red: v8 shrink
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

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

int main(void)
{
	uint64_t lookups;
	struct stat st;

	ktap_begin();
	server_start();
	server_need_epochs();
	dir_ino = tree_add(ROOT, "dir", S_IFDIR | 0755);
	file = tree_add(dir_ino, "name", S_IFREG | 0644);
	tree_set_size(file, 1111);
	dir = opendir(server_path("dir"));

	/* The control: without a bump the reply serves the next stat. */
	read_across(false, NULL);
	lookups = server_count(FUSE_LOOKUP);
	fstatat(dirfd(dir), "name", &st, 0);
	ktap_is(server_count(FUSE_LOOKUP) - lookups, 0,
		"LOOKUPs after READDIRPLUS without a bump");
	ktap_is(st.st_size, 1111, "size from READDIRPLUS");

	read_across(true, replace);
	fstatat(dirfd(dir), "name", &st, 0);
	ktap_is(st.st_ino, file, "inode after a bump during READDIRPLUS");
	ktap_is(st.st_size, 2222, "its size");

	tree_set_size(file, 1111);
	read_across(false, replace_and_lookup);
	lookups = server_count(FUSE_LOOKUP);
	fstatat(dirfd(dir), "name", &st, 0);
	ktap_is(st.st_ino, file, "inode looked up during READDIRPLUS");
	ktap_is(st.st_size, 2222, "its size");
	ktap_is(server_count(FUSE_LOOKUP) - lookups, 0,
		"LOOKUPs: the newer dentry is still there");

	moved = tree_add(dir_ino, "before", S_IFDIR | 0755);
	read_across(false, move_and_lookup);
	lookups = server_count(FUSE_LOOKUP);
	ktap_ok(!fstatat(dirfd(dir), "after", &st, 0),
		"a directory that moved");
	ktap_is(server_count(FUSE_LOOKUP) - lookups, 0,
		"LOOKUPs: an older reply didn't move it back");

	closedir(dir);
	server_stop();
	return ktap_end();
}
