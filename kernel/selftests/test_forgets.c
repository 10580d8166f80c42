// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each entry of a reply is forgotten in the end, whatever became of the reply.
 * Those from before a bump are dropped, asked for again, or keep a dentry that is
 * old at once: the server must get back what it gave out, else it keeps the inode
 * for ever, or drops one that is in use.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { FILES = 5 };

static uint64_t dir, first, last;

static void *list(void *path)
{
	list_dir(path);
	return NULL;
}

static void *walk(void *path)
{
	lookups_of(path);
	return NULL;
}

static void *create(void *path)
{
	close(open(server_path(path), O_CREAT | O_WRONLY, 0644));
	return NULL;
}

static void *create_nameless(void *path)
{
	close(open(server_path(path), O_TMPFILE | O_WRONLY, 0600));
	return NULL;
}

static void nothing(void)
{
}

/* So that the reply, when it comes, is about a name that is somewhere else. */
static void move_and_find(void)
{
	uint64_t ino = tree_ino_of(ROOT, "before");

	tree_unlink(ROOT, "before");
	tree_link(ino, ROOT, "after");
	lookups_of("after");
}

/* Newer dentries than the entries of the reply. */
static void find_files(void)
{
	lookups_of_all("dir/f%u", FILES);
}

static const struct across {
	const char *name, *path;
	uint32_t opcode;
	void *(*send)(void *path);
	void (*meanwhile)(void); /* between the bump and the reply */
} cases[] = {
	{ "LOOKUP", "file", FUSE_LOOKUP, walk, nothing },
	{ "LOOKUP of a directory that moved", "before", FUSE_LOOKUP, walk,
	  move_and_find },
	{ "READDIRPLUS", "dir", FUSE_READDIRPLUS, list, nothing },
	{ "READDIRPLUS of names found since", "dir", FUSE_READDIRPLUS, list,
	  find_files },
	{ "CREATE", "created", FUSE_CREATE, create, nothing },
	{ "O_TMPFILE", "", FUSE_TMPFILE, create_nameless, nothing },
};

static void send_across(const struct across *across, bool bump)
{
	pthread_t thread;

	server_hold(across->opcode, 0);
	pthread_create(&thread, NULL, across->send, (void *)across->path);
	server_wait_held();
	if (bump) {
		server_bump();
		across->meanwhile();
	}
	server_release();
	pthread_join(thread, NULL);
}

static bool drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	bool done = fd >= 0 && write(fd, "2", 1) == 1;

	close(fd);
	return done;
}

/* Those that aren't forgotten as often as they were looked up. */
static unsigned int unbalanced(void)
{
	unsigned int count = 0;
	uint64_t ino;

	for (ino = first; ino <= last; ino++)
		count += tree_references(ino) != 0;
	return count;
}

static bool balances(const struct across *across, bool bump)
{
	send_across(across, bump);
	last = tree_add(ROOT, "mark", S_IFREG | 0644);
	tree_unlink(ROOT, "mark");
	return ktap_ok(poll_until(drop_caches() && !unbalanced(), PATIENCE_MS),
		       "%s, %s a bump: all is forgotten", across->name,
		       bump ? "across" : "without");
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	first = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_add(ROOT, "before", S_IFDIR | 0755);
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	add_files(dir, "f%u", FILES);

	lookups_of("dir");
	last = dir;
	ktap_is(unbalanced(), 1, "nodes that are in use");
	/* One that isn't balanced stays so: the next ones would only wait. */
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!balances(&cases[i], false))
			break;
		tree_unlink(ROOT, "created");
		if (!balances(&cases[i], true))
			break;
	}
	server_stop();
	return ktap_end();
}
