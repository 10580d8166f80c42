// SPDX-License-Identifier: GPL-2.0-only
/* After a bump each cached dentry is looked up again once, and only once. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static uint64_t dir;
static int path_fd;

static void kinds(void)
{
	static const struct {
		const char *path, *kind;
		unsigned int lookups; /* its own and its ancestors' */
	} cases[] = {
		{ "file", "positive dentry", 1 },
		{ "none", "negative dentry", 1 },
		{ "dir", "directory", 1 },
		{ "link", "symlink", 1 },
		{ "dir/file", "file in a directory", 2 },
		{ "dir/none", "negative dentry in a directory", 2 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lookups_of(cases[i].path);
		/* The control: nothing is sent without a bump. */
		ktap_control(lookups_of(cases[i].path) == 0, "%s: cached",
			     cases[i].kind);
		server_bump();
		ktap_is(lookups_of(cases[i].path), cases[i].lookups,
			"LOOKUPs after a bump");
		ktap_is(lookups_of(cases[i].path), 0, "LOOKUPs after that");
	}

	/* Two bumps cost no more than one. */
	server_bump();
	server_bump();
	ktap_is(lookups_of("file"), 1, "LOOKUPs after two bumps");
}

/* What is open stays usable, without a request. */
static void what_is_open(void)
{
	int fd = open(server_path("file"), O_RDONLY);
	struct stat st;
	uint64_t before;

	fstat(fd, &st);
	server_bump();
	before = server_count(FUSE_LOOKUP) + server_count(FUSE_GETATTR);
	ktap_ok(fstat(fd, &st) == 0, "fstat of an open file after a bump");
	ktap_ok(fstatat(path_fd, "", &st, AT_EMPTY_PATH) == 0,
		"fstat of an O_PATH descriptor after a bump");
	ktap_is(server_count(FUSE_LOOKUP) + server_count(FUSE_GETATTR) - before,
		0, "requests for both");
	close(fd);
}

/* Walks that start in a directory, stale or not: its own dentry isn't asked. */
static int from_path_fd(struct stat *st)
{
	return fstatat(path_fd, "file", st, 0);
}

static int from_cwd(struct stat *st)
{
	return stat("file", st);
}

/* One whose walk isn't that of stat(); which node it was is seen afterwards. */
static int by_readlink(struct stat *st)
{
	char target[16] = "";

	if (readlinkat(path_fd, "link", target, sizeof(target)) != 6 ||
	    strcmp(target, "target"))
		return -1;
	return fstatat(path_fd, "link", st, AT_SYMLINK_NOFOLLOW);
}

static const struct walk {
	const char *name, *end;
	uint32_t mode;
	int (*walk)(struct stat *st);
} walks[] = {
	{ "a walk from O_PATH", "file", S_IFREG | 0644, from_path_fd },
	{ "a walk from the working directory", "file", S_IFREG | 0644,
	  from_cwd },
	{ "readlink", "link", S_IFLNK | 0777, by_readlink },
};

static void leads_to(const struct walk *walk, uint64_t ino, uint64_t lookups,
		     const char *when)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	struct stat st = { 0 };

	ktap_ok(!walk->walk(&st) && st.st_ino == ino, "%s, %s: inode %llu",
		walk->name, when, (unsigned long long)ino);
	ktap_is(server_count(FUSE_LOOKUP) - before, lookups, "its LOOKUPs");
}

static void starts_in_directory(const struct walk *walk)
{
	uint64_t old = tree_replace(dir, walk->end, walk->mode), new;
	struct stat st;

	server_bump();
	walk->walk(&st);
	/* The control: without a bump another file there isn't noticed. */
	new = tree_replace(dir, walk->end, walk->mode);
	leads_to(walk, old, 0, "replaced without a bump");
	server_bump();
	leads_to(walk, new, 1, "after a bump");
	leads_to(walk, new, 0, "again");
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	tree_add(ROOT, "link", S_IFLNK | 0777);
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "file", S_IFREG | 0644);

	kinds();
	path_fd = open(server_path("dir"), O_PATH);
	what_is_open();
	ktap_ok(chdir(server_path("dir")) == 0, "enter the directory");
	for (i = 0; i < sizeof(walks) / sizeof(walks[0]); i++)
		starts_in_directory(&walks[i]);
	ktap_ok(chdir("/") == 0, "leave it");
	close(path_fd);

	server_stop();
	return ktap_end();
}
