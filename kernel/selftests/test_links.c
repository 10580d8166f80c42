// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target of a symlink is read anew after a bump, whoever keeps its node.
 * Then a walk drops or asks for the name, but the inode stays, with the target
 * that is cached: under another name, for a descriptor, for a file handle.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static union {
	struct file_handle head;
	char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
} handle = { .head.handle_bytes = MAX_HANDLE_SZ };

/* READLINKs that it takes to read this name of @dir, or @dir itself. */
static uint64_t readlinks(int dir, const char *name)
{
	uint64_t before = server_count(FUSE_READLINK);
	char target[64];

	if (readlinkat(dir, name, target, sizeof(target)) <= 0)
		printf("# cannot read the link \"%s\"\n", name);
	return server_count(FUSE_READLINK) - before;
}

/* Nobody walks to the name that keeps the inode. */
static void another_name(int root)
{
	uint64_t ino = tree_add(ROOT, "one", S_IFLNK | 0777);

	ktap_control_is(readlinks(root, "one"), 1, "READLINKs of one");
	tree_link(ino, ROOT, "two");
	ktap_control_is(readlinks(root, "two"), 0,
			"READLINKs of its other name");
	server_bump();
	tree_link(ino, ROOT, "three");
	ktap_is(readlinks(root, "three"), 1, "READLINKs of a new name");
	ktap_is(readlinks(root, "two"), 0,
		"READLINKs of the others after that");
}

/* What READDIRPLUS links is a new name of it, too. */
static void listed_name(int root)
{
	uint64_t dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	uint64_t ino = tree_add(ROOT, "outside", S_IFLNK | 0777);
	int fd = openat(root, "dir", O_RDONLY | O_DIRECTORY);
	struct stat st;
	uint64_t before;

	readlinks(root, "outside");
	tree_link(ino, dir, "listed");
	server_bump();
	list_fd(fd);
	ktap_is(readlinks(fd, "listed"), 1, "READLINKs of a name in a listing");
	server_bump();
	list_fd(fd);
	before = server_count(FUSE_READLINK);
	fstatat(fd, "listed", &st, 0); /* walks without references, so far */
	ktap_is(server_count(FUSE_READLINK) - before, 1,
		"READLINKs of a walk that follows it");
	close(fd);
}

static void a_descriptor(int root)
{
	int fd;

	tree_add(ROOT, "held", S_IFLNK | 0777);
	fd = openat(root, "held", O_PATH | O_NOFOLLOW);
	readlinks(root, "held");
	ktap_control_is(readlinks(fd, ""), 0, "READLINKs by a descriptor");
	server_bump();
	ktap_is(readlinks(root, "held"), 1, "READLINKs after a bump");
	server_bump();
	ktap_is(readlinks(fd, ""), 1, "READLINKs by a descriptor");
	close(fd);
}

static void a_handle(int root)
{
	int held, fd, mount_id;

	tree_add(ROOT, "handle", S_IFLNK | 0777);
	held = openat(root, "handle", O_PATH | O_NOFOLLOW);
	readlinks(root, "handle");
	if (name_to_handle_at(root, "handle", &handle.head, &mount_id, 0))
		puts("# no handle");
	server_bump();
	fd = open_by_handle_at(root, &handle.head, O_PATH | O_NOFOLLOW);
	ktap_is(readlinks(fd, ""), 1, "READLINKs by a handle");
	ktap_is(readlinks(fd, ""), 0, "READLINKs after that");
	close(fd);
	close(held);
}

int main(void)
{
	int root;

	ktap_begin();
	tree_keep_pages();
	tree_want(FUSE_EXPORT_SUPPORT);
	server_start();
	server_need_epochs();
	root = open(server_path(""), O_RDONLY | O_DIRECTORY);
	another_name(root);
	listed_name(root);
	a_descriptor(root);
	a_handle(root);
	close(root);
	server_stop();
	return ktap_end();
}
