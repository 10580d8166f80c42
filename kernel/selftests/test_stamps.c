// SPDX-License-Identifier: GPL-2.0-only
/* Whatever makes a dentry gives it the current epoch, and rename keeps it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

/* @path was just made: no LOOKUP before the next bump, one after it. */
static void stamped(const char *how, const char *path)
{
	ktap_ok(lookups_of(path) == 0, "%s: current at once", how);
	server_bump();
	ktap_is(lookups_of(path), 1, "LOOKUPs after a bump");
}

static void read_dir(const char *path)
{
	DIR *dir = opendir(path);

	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

int main(void)
{
	uint64_t before;

	ktap_begin();
	server_start();
	server_need_epochs();
	server_bump(); /* so that 1 isn't right by luck */

	close(open(server_path("created"), O_CREAT | O_WRONLY, 0644));
	stamped("atomic open", "created");
	mknod(server_path("node"), S_IFREG | 0644, 0);
	stamped("mknod", "node");
	mkdir(server_path("dir"), 0755);
	stamped("mkdir", "dir");
	symlink("target", server_path("symlink"));
	stamped("symlink", "symlink");
	link(server_path("created"), server_path("linked"));
	stamped("link", "linked");

	/* A stale entry must be read again: plus is asked at offset 0. */
	tree_add(ROOT, "listed", S_IFREG | 0644);
	before = server_count(FUSE_READDIRPLUS);
	read_dir(server_path(""));
	ktap_ok(server_count(FUSE_READDIRPLUS) > before, "READDIRPLUS is used");
	stamped("READDIRPLUS", "listed");

	/* rename moves the dentry with its stamp. */
	lookups_of("node");
	rename(server_path("node"), server_path("renamed"));
	ktap_is(lookups_of("renamed"), 0,
		"LOOKUPs of a fresh name after rename");
	server_bump();
	ktap_is(lookups_of("renamed"), 1, "LOOKUPs after rename, then a bump");
	lookups_of("renamed");
	server_bump_in(FUSE_RENAME);
	rename(server_path("renamed"), server_path("again"));
	server_bump_in(0);
	ktap_is(lookups_of("again"), 1, "LOOKUPs after a bump during rename");

	/* A LOOKUP across a bump is as old as when it was sent. */
	tree_add(ROOT, "during", S_IFREG | 0644);
	server_bump_in(FUSE_LOOKUP);
	ktap_is(lookups_of("during"), 1, "LOOKUPs of a name that is new");
	server_bump_in(0);
	ktap_is(lookups_of("during"), 1, "LOOKUPs after a bump during LOOKUP");
	ktap_is(lookups_of("during"), 0, "LOOKUPs after that");

	server_stop();
	return ktap_end();
}
