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

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

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

static const struct maker {
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

/* Make a name, with a bump from inside the handlers of @opcode. */
static const char *make_across(const struct maker *maker, uint32_t opcode,
			       const char *suffix)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s%s", maker->name, suffix);
	server_bump_in(opcode);
	ktap_is(maker->make(server_path(name)), 0, name);
	server_bump_in(0);
	return name;
}

/*
 * Before it makes something the kernel looks its name up, and the negative
 * dentry has that stamp.  With a bump in between it is an old one: only a stamp
 * by the request that makes it can be current.
 */
static void makes(const struct maker *maker)
{
	const char *name = make_across(maker, FUSE_LOOKUP, "");

	ktap_is(lookups_of(name), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of(name), 1, "LOOKUPs after a bump");

	name = make_across(maker, maker->opcode, "-during");
	ktap_is(lookups_of(name), 1, "LOOKUPs after a bump in its handler");
	ktap_is(lookups_of(name), 0, "LOOKUPs after that");
}

/* LOOKUPs of an open(). */
static uint64_t lookups_of_open(const char *path, int flags)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	int fd = open(server_path(path), flags, 0644);

	ktap_ok(fd >= 0, "open %s", path);
	close(fd);
	return server_count(FUSE_LOOKUP) - before;
}

/* O_CREAT without O_EXCL: it believes a negative dentry, if that is current. */
static void creates_over_negative(void)
{
	uint64_t creates = server_count(FUSE_CREATE);

	lookups_of("absent");
	ktap_is(lookups_of_open("absent", O_CREAT | O_WRONLY), 0,
		"LOOKUPs of O_CREAT over a negative dentry");
	ktap_is(lookups_of("absent"), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of("absent"), 1, "LOOKUPs after a bump");

	lookups_of("stale");
	server_bump();
	ktap_is(lookups_of_open("stale", O_CREAT | O_WRONLY), 1,
		"LOOKUPs of O_CREAT over a stale negative dentry");
	ktap_is(lookups_of("stale"), 0, "LOOKUPs at once");
	ktap_is(server_count(FUSE_CREATE) - creates, 2, "CREATEs for both");
}

/* The LOOKUP of an open() is a part of ->atomic_open(). */
static void opens(void)
{
	tree_add(ROOT, "opened", S_IFREG | 0644);
	ktap_is(lookups_of_open("opened", O_RDONLY), 1, "LOOKUPs of an open()");
	ktap_is(lookups_of("opened"), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of_open("opened", O_RDONLY), 1, "LOOKUPs after a bump");

	server_bump();
	server_bump_in(FUSE_LOOKUP);
	ktap_is(lookups_of_open("opened", O_RDONLY), 1, "LOOKUPs of an open()");
	server_bump_in(0);
	ktap_is(lookups_of("opened"), 1, "LOOKUPs after a bump in its handler");
	ktap_is(lookups_of("opened"), 0, "LOOKUPs after that");
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
	/* A dentry that is there already, but old: it is current again. */
	server_bump();
	list_dir("");
	ktap_is(lookups_of("listed"), 0, "LOOKUPs after a bump, READDIRPLUS");
	server_bump();
	ktap_is(lookups_of("listed"), 1, "LOOKUPs after another bump");
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

/* Who wants a name to be new has it asked, even if its dentry is current. */
static void asks_again(void)
{
	uint64_t before = server_count(FUSE_LOOKUP);

	ktap_ok(mkdir(server_path("during"), 0755), "mkdir of what is there");
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs of a mkdir");
	ktap_is(lookups_of("during"), 0, "LOOKUPs at once");
	server_bump_in(FUSE_LOOKUP);
	ktap_ok(mkdir(server_path("during"), 0755), "mkdir of what is there");
	server_bump_in(0);
	ktap_is(lookups_of("during"), 1, "LOOKUPs after a bump in its LOOKUP");
}

/*
 * A directory has one dentry: under its new name it is the one from before the
 * bump, moved there.
 */
static void finds_moved(void)
{
	uint64_t dir = tree_add(ROOT, "first", S_IFDIR | 0755);

	lookups_of("first");
	server_bump();
	tree_unlink(ROOT, "first");
	tree_link(dir, ROOT, "second");
	ktap_is(lookups_of("second"), 1, "LOOKUPs of a directory that moved");
	ktap_is(lookups_of("second"), 0, "LOOKUPs at once");

	server_bump();
	tree_unlink(ROOT, "second");
	tree_link(dir, ROOT, "third");
	list_dir("");
	ktap_is(lookups_of("third"), 0,
		"LOOKUPs after READDIRPLUS of a directory that moved");
}

static void rename_to(const char *from, const char *to)
{
	ktap_ok(!rename(server_path(from), server_path(to)), "rename %s to %s",
		from, to);
}

static void renames(void)
{
	lookups_of("file");
	rename_to("file", "renamed");
	ktap_is(lookups_of("renamed"), 0, "LOOKUPs at once");
	server_bump();
	ktap_is(lookups_of("renamed"), 1, "LOOKUPs after a bump");
	server_bump_in(FUSE_RENAME);
	rename_to("renamed", "again");
	server_bump_in(0);
	ktap_is(lookups_of("again"), 1, "LOOKUPs after a bump in its handler");
	/* Over another name, with an older stamp than the one that moves. */
	tree_add(ROOT, "target", S_IFREG | 0644);
	lookups_of("target");
	server_bump();
	lookups_of("again");
	rename_to("again", "target");
	ktap_is(lookups_of("target"), 0, "LOOKUPs at once");
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	server_bump(); /* so that 1 isn't right by luck */
	tree_add(ROOT, "file", S_IFREG | 0644);

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		makes(&makers[i]);
	creates_over_negative();
	opens();
	lists();
	looks_up();
	asks_again();
	finds_moved();
	renames();

	server_stop();
	return ktap_end();
}
