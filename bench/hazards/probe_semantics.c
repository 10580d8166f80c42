// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_semantics.c - what the next access asks of the daemon.
 *
 * Each access has a name, a node and a descriptor of its own.  So one
 * notification is about all of them, and no access refreshes what another asks
 * for.  Paths begin at a descriptor of the directory; only the last column
 * shows what a walk through a stale directory tears down.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "bench/lib/opcode.h"
#include "kernel/testfs/server.h"
#include "stage.h"

enum { FILE_BYTES = 100 };

struct object {
	uint64_t slot;
	int fd;
};

static void walk(const struct object *o)
{
	int fd = openat(stage_top(), stage_name(o->slot), O_PATH | O_NOFOLLOW);

	if (fd >= 0)
		close(fd);
}

static void stat_path(const struct object *o)
{
	struct stat st;

	fstatat(stage_top(), stage_name(o->slot), &st, AT_SYMLINK_NOFOLLOW);
}

static void stat_fd(const struct object *o)
{
	struct stat st;

	fstat(o->fd, &st);
}

static void read_some(int fd)
{
	char bytes[FILE_BYTES];

	if (pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
		say_broken("a file can't be read");
}

static void read_path(const struct object *o)
{
	int fd = openat(stage_top(), stage_name(o->slot), O_RDONLY);

	read_some(fd);
	close(fd);
}

static void read_fd(const struct object *o)
{
	read_some(o->fd);
}

static void list_open(const struct object *o)
{
	char entries[8192];

	lseek(o->fd, 0, SEEK_SET);
	while (getdents64(o->fd, entries, sizeof(entries)) > 0)
		;
}

/* As ls, but for the fstat() of opendir(). */
static void list_path(const struct object *o)
{
	struct object opened = { .slot = o->slot };

	opened.fd = openat(stage_top(), stage_name(o->slot),
			   O_RDONLY | O_DIRECTORY);
	list_open(&opened);
	close(opened.fd);
}

static void read_link(const struct object *o)
{
	char target[64];

	if (readlinkat(stage_top(), stage_name(o->slot), target,
		       sizeof(target)) < 0)
		say_broken("a symlink can't be read");
}

static void stat_whole_path(const struct object *o)
{
	struct stat st;

	lstat(stage_path(o->slot), &st);
}

static const struct access {
	const char *name;
	void (*make)(const struct object *o);
	mode_t mode; /* of the object; 0: it isn't there */
	bool opened; /* beforehand, and kept so */
	bool of_top; /* the directory of all the others */
} accesses[] = {
	{ "name", walk, S_IFREG | 0644, false, false },
	{ "missing name", walk, 0, false, false },
	{ "directory", walk, S_IFDIR | 0755, false, false },
	{ "symlink", walk, S_IFLNK | 0777, false, false },
	{ "stat", stat_path, S_IFREG | 0644, false, false },
	{ "fstat", stat_fd, S_IFREG | 0644, true, false },
	{ "open, read", read_path, S_IFREG | 0644, false, false },
	{ "pread", read_fd, S_IFREG | 0644, true, false },
	{ "readlink", read_link, S_IFLNK | 0777, false, false },
	{ "open, getdents", list_path, S_IFDIR | 0755, false, false },
	{ "getdents", list_open, S_IFDIR | 0755, true, false },
	{ "stat from the root", stat_whole_path, S_IFREG | 0644, false, false },
	/* Last: if it asks, the reply refreshes all others. */
	{ "getdents of parent", list_open, 0, true, true },
};

enum { ACCESSES = sizeof(accesses) / sizeof(accesses[0]) };

static void add(struct object *objects)
{
	int i;

	for (i = 0; i < ACCESSES; i++)
		objects[i].slot =
			accesses[i].of_top ? 0 : stage_add(accesses[i].mode);
	for (i = 0; i < ACCESSES; i++) {
		uint64_t ino = stage_ino(objects[i].slot);

		/* Of a directory the mtime that the kernel knows stays. */
		if (S_ISREG(accesses[i].mode))
			tree_set_size(ino, FILE_BYTES);
		if (S_ISDIR(accesses[i].mode))
			tree_add(ino, "below", S_IFREG | 0644);
	}
}

static void open_those(struct object *objects)
{
	for (int i = 0; i < ACCESSES; i++) {
		const char *path = accesses[i].of_top
					   ? stage_top_path()
					   : stage_path(objects[i].slot);

		objects[i].fd = accesses[i].opened ? open(path, O_RDONLY) : -1;
		if (accesses[i].opened && objects[i].fd < 0)
			say_broken("cannot open %s", path);
	}
}

/* Twice: the second time from the cache, or the method isn't the reason. */
static void warm_up(const struct object *objects)
{
	uint64_t before[OPCODE_MAX];

	for (int i = 0; i < 2 * ACCESSES; i++) {
		stage_counts(before);
		accesses[i % ACCESSES].make(&objects[i % ACCESSES]);
		/* OPEN and OPENDIR are never answered from a cache. */
		for (unsigned int op = 1; i >= ACCESSES && op < OPCODE_MAX;
		     op++)
			if (op != FUSE_OPEN && op != FUSE_RELEASE &&
			    op != FUSE_OPENDIR && op != FUSE_RELEASEDIR &&
			    op != FUSE_FLUSH && op != FUSE_FORGET &&
			    op != FUSE_BATCH_FORGET &&
			    server_count(op) != before[op])
				say_broken("control: %s sends %s again, and "
					   "nothing was invalidated",
					   accesses[i % ACCESSES].name,
					   opcode_name(op));
	}
}

static void run(const struct inval_method *m)
{
	struct object objects[ACCESSES];
	uint64_t before[OPCODE_MAX];

	stage_start(m, tree_keep_pages);
	tree_keep_listings();
	add(objects);
	open_those(objects);
	warm_up(objects);
	stage_notify(m);
	for (int i = 0; i < ACCESSES; i++) {
		stage_counts(before);
		accesses[i].make(&objects[i]);
		say_requests(accesses[i].name, before);
	}
	for (int i = 0; i < ACCESSES; i++)
		if (accesses[i].opened)
			close(objects[i].fd);
	stage_stop();
}

static bool concerns(const struct inval_method *m)
{
	return m;
}

const struct hazard hazard_semantics = {
	.name = "semantics",
	.title = "What the next access asks of the daemon",
	.note = "Everything was cached and valid for an hour; then the method, "
		"about each of these names or inodes; then each access once.  "
		"Descriptors were opened before the method; \"stat from the "
		"root\" walks through the parent directory as well, the other "
		"paths begin at a descriptor of it.  The files' pages and the "
		"directories' listings are cached (FOPEN_KEEP_CACHE, "
		"FOPEN_CACHE_DIR) and FUSE_AUTO_INVAL_DATA is on, which "
		"libfuse asks for.",
	.concerns = concerns,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
