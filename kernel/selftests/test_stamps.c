// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever makes a dentry gives it the epoch from before its request.  So it is
 * current at once, stale after the next bump, and stale too if that bump came
 * from inside the handler.  rename moves a dentry with the stamp it has.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

static int do_create(const char *path)
{
	return close(open(path, O_CREAT | O_EXCL | O_WRONLY, 0644));
}

static int do_mknod(const char *path)
{
	return mknod(path, S_IFREG | 0644, 0);
}

static int do_mkdir(const char *path)
{
	return mkdir(path, 0755);
}

static int do_symlink(const char *path)
{
	return symlink("target", path);
}

static int do_link(const char *path)
{
	return link(server_path("file"), path);
}

static const struct {
	const char *name;
	uint32_t opcode;
	int (*make)(const char *path);
} makers[] = {
	{ "create", FUSE_CREATE, do_create },
	{ "mknod", FUSE_MKNOD, do_mknod },
	{ "mkdir", FUSE_MKDIR, do_mkdir },
	{ "symlink", FUSE_SYMLINK, do_symlink },
	{ "link", FUSE_LINK, do_link },
};

static void makes(void)
{
	unsigned int i;
	char during[16];

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		const char *name = makers[i].name;

		ktap_is(makers[i].make(server_path(name)), 0, name);
		ktap_is(lookups_of(name), 0, "LOOKUPs at once");
		server_bump();
		ktap_is(lookups_of(name), 1, "LOOKUPs after a bump");

		snprintf(during, sizeof(during), "%s2", name);
		server_bump_in(makers[i].opcode);
		ktap_is(makers[i].make(server_path(during)), 0, during);
		server_bump_in(0);
		ktap_is(lookups_of(during), 1,
			"LOOKUPs after a bump in its handler");
		ktap_is(lookups_of(during), 0, "LOOKUPs after that");
	}
}

/* A bump inside READDIRPLUS is the business of test_readdirplus. */
static void lists(void)
{
	uint64_t before = server_count(FUSE_READDIRPLUS);

	tree_add(ROOT, "listed", S_IFREG | 0644);
	list_dir("");
	ktap_ok(server_count(FUSE_READDIRPLUS) > before, "READDIRPLUS is used");
	ktap_is(lookups_of("listed"), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of("listed"), 1, "LOOKUPs after a bump");
}

static void looks_up(void)
{
	tree_add(ROOT, "during", S_IFREG | 0644);
	server_bump_in(FUSE_LOOKUP);
	ktap_is(lookups_of("during"), 1, "LOOKUPs of a name that is new");
	server_bump_in(0);
	ktap_is(lookups_of("during"), 1, "LOOKUPs after a bump in its handler");
	ktap_is(lookups_of("during"), 0, "LOOKUPs after that");
}

static void renames(const char *from, const char *to)
{
	ktap_ok(!rename(server_path(from), server_path(to)), "rename %s to %s",
		from, to);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	server_bump(); /* so that 1 isn't right by luck */
	tree_add(ROOT, "file", S_IFREG | 0644);

	makes();
	lists();
	looks_up();

	lookups_of("file");
	renames("file", "renamed");
	ktap_is(lookups_of("renamed"), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of("renamed"), 1, "LOOKUPs after a bump");
	server_bump_in(FUSE_RENAME);
	renames("renamed", "again");
	server_bump_in(0);
	ktap_is(lookups_of("again"), 1, "LOOKUPs after a bump in its handler");
	/* Over another name, with an older stamp than the one that moves. */
	tree_add(ROOT, "target", S_IFREG | 0644);
	lookups_of("target");
	server_bump();
	lookups_of("again");
	renames("again", "target");
	ktap_is(lookups_of("target"), 0, "LOOKUPs at once");

	server_stop();
	return ktap_end();
}
