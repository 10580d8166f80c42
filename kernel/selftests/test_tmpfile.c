// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file without a name (O_TMPFILE) has none in the dcache either.
 * Its dentry takes the way of CREATE, but stays unhashed: what is hashed is kept
 * after the last close(), and with it the inode, which the server can't drop.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static bool is_deleted(int fd)
{
	char link[64], path[128] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	readlink(link, path, sizeof(path) - 1);
	return strstr(path, " (deleted)") != NULL;
}

/* Closed without another name: the kernel has no use for it any more. */
static void forgotten(void)
{
	int fd = open(server_path(""), O_TMPFILE | O_RDWR, 0600);
	uint64_t before = server_forgotten();

	ktap_ok(fd >= 0, "open with O_TMPFILE");
	ktap_ok(is_deleted(fd), "it has no name");
	close(fd);
	ktap_ok(poll_until(server_forgotten() == before + 1, PATIENCE_MS),
		"it is forgotten after close()");
}

/* Given a name: that one is cached, as any other. */
static void linked(void)
{
	int fd = open(server_path(""), O_TMPFILE | O_RDWR, 0600);
	struct stat st = { 0 }, named = { 0 };
	uint64_t before;
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ktap_ok(!linkat(AT_FDCWD, link, AT_FDCWD, server_path("name"),
			AT_SYMLINK_FOLLOW),
		"linkat");
	before = server_forgotten();
	ktap_ok(!fstat(fd, &st) && !close(fd), "close it");
	ktap_is(lookups_of("name"), 0, "LOOKUPs of its name");
	ktap_ok(!stat(server_path("name"), &named) && named.st_ino == st.st_ino,
		"the same inode is there");
	ktap_is(server_forgotten() - before, 0, "forgotten");
}

int main(void)
{
	ktap_begin();
	server_start();
	forgotten();
	linked();
	server_stop();
	return ktap_end();
}
