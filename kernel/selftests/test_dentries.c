// SPDX-License-Identifier: GPL-2.0-only
/* After a bump each cached dentry is looked up again once, and only once. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

int main(void)
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
	uint64_t dir, before;
	char target[16];
	struct stat st;
	unsigned int i;
	int fd, path_fd;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	tree_add(ROOT, "link", S_IFLNK | 0777);
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "file", S_IFREG | 0644);

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lookups_of(cases[i].path);
		/* The control: nothing is sent without a bump. */
		ktap_ok(lookups_of(cases[i].path) == 0, "%s: cached",
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

	/* What is open stays usable, without a request. */
	fd = open(server_path("file"), O_RDONLY);
	path_fd = open(server_path("dir"), O_PATH);
	fstat(fd, &st);
	server_bump();
	before = server_count(FUSE_LOOKUP) + server_count(FUSE_GETATTR);
	ktap_ok(fstat(fd, &st) == 0, "fstat of an open file after a bump");
	ktap_ok(fstatat(path_fd, "", &st, AT_EMPTY_PATH) == 0,
		"fstat of an O_PATH descriptor after a bump");
	ktap_is(server_count(FUSE_LOOKUP) + server_count(FUSE_GETATTR) - before,
		0, "requests for both");
	ktap_ok(fstatat(path_fd, "file", &st, 0) == 0, "a walk from O_PATH");
	ktap_ok(chdir(server_path("dir")) == 0 && server_bump() == 0 &&
			stat("file", &st) == 0,
		"a walk from a stale working directory");
	ktap_ok(chdir("/") == 0, "leave it");
	close(fd);
	close(path_fd);

	memset(target, 0, sizeof(target));
	server_bump();
	ktap_ok(readlink(server_path("link"), target, sizeof(target)) == 6 &&
			!strcmp(target, "target"),
		"readlink after a bump");

	server_stop();
	return ktap_end();
}
