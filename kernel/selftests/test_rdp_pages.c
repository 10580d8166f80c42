// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is cached of an inode ends with a bump, also if READDIRPLUS confirms its
 * name before anybody walks there.  A walk would have found the name stale and
 * evicted the inode with its pages: that is the control.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* All from this descriptor: a walk from the root would find "dir" stale. */
static int dir = -1;

static uint64_t readlinks(void)
{
	uint64_t before = server_count(FUSE_READLINK);
	char target[128];

	ktap_control(readlinkat(dir, "link", target, sizeof(target)) > 0,
		     "a link is read");
	return server_count(FUSE_READLINK) - before;
}

static uint64_t reads(void)
{
	uint64_t before = server_count(FUSE_READ);
	int fd = openat(dir, "file", O_RDONLY);
	char data[16];

	ktap_control(read(fd, data, sizeof(data)) == sizeof(data),
		     "a file is read");
	close(fd);
	return server_count(FUSE_READ) - before;
}

static void walk_first(void)
{
	ktap_control_is(readlinks(), 1, "READLINKs");
	ktap_control_is(reads(), 1, "READs");
	ktap_control_is(readlinks(), 0, "READLINKs: it is cached");
	ktap_control_is(reads(), 0, "READs: it is cached");
	server_bump();
	ktap_control_is(readlinks(), 1, "READLINKs after a bump");
	ktap_control_is(reads(), 1, "READs after a bump");
}

static void list_first(void)
{
	uint64_t lookups;

	server_bump();
	list_fd(dir);
	lookups = server_count(FUSE_LOOKUP);
	ktap_is(readlinks(), 1, "READLINKs after a bump and READDIRPLUS");
	ktap_is(reads(), 1, "READs after a bump and READDIRPLUS");
	ktap_control_is(server_count(FUSE_LOOKUP) - lookups, 0,
			"LOOKUPs: READDIRPLUS has confirmed both");
	ktap_is(readlinks(), 0, "READLINKs after that");
	ktap_is(reads(), 0, "READs after that");
}

/* A listing without a bump drops nothing. */
static void only_list(void)
{
	list_fd(dir);
	ktap_control_is(readlinks(), 0, "READLINKs after READDIRPLUS");
	ktap_control_is(reads(), 0, "READs after READDIRPLUS");
}

int main(void)
{
	uint64_t ino, file;

	ktap_begin();
	tree_keep_pages();
	server_start();
	server_need_epochs();
	ino = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(ino, "link", S_IFLNK | 0777);
	file = tree_add(ino, "file", S_IFREG | 0644);
	tree_set_size(file, 16);
	dir = open(server_path("dir"), O_RDONLY | O_DIRECTORY);
	walk_first();
	list_first();
	only_list();
	close(dir);
	server_stop();
	return ktap_end();
}
