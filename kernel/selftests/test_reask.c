// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bump made stale is asked for again, and kept if it is the same node.
 * With all that is cached and mounted below; gone and replaced nodes are found
 * to be that with one LOOKUP.  Replies that come late change nothing that was
 * found since.
 *
 * red: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static int error_of(const char *path, struct stat *st)
{
	return stat(server_path(path), st) ? errno : 0;
}

static void *walk(void *path)
{
	lookups_of(path);
	return NULL;
}

/* A walk whose LOOKUP has its reply, which waits. */
static struct fuse_out_header *start(pthread_t *thread, const char *path)
{
	server_hold(FUSE_LOOKUP, ROOT);
	pthread_create(thread, NULL, walk, (void *)path);
	server_wait_held();
	return server_take_held();
}

static void keeps(void)
{
	uint64_t dir = tree_add(ROOT, "kept", S_IFDIR | 0755), forgotten;
	int fd;

	add_files(dir, "%u", 3);
	ktap_control_is(lookups_of_all("kept/%u", 3), 4, "LOOKUPs");
	fd = open(server_path("kept/0"), O_PATH);
	forgotten = server_forgotten();
	server_bump();
	ktap_is(lookups_of_all("kept/%u", 3), 4, "LOOKUPs after a bump");
	ktap_is(lookups_of_all("kept/%u", 3), 0, "LOOKUPs after that");
	ktap_ok(is_at(fd, "kept/0"), "the dentry is the same");
	ktap_is(server_forgotten() - forgotten, 0, "FORGETs");
	close(fd);
}

static void finds_changes(void)
{
	uint64_t dir = tree_add(ROOT, "changes", S_IFDIR | 0755), ino;
	struct stat st;

	add_files(dir, "%u", 3);
	lookups_of_all("changes/%u", 4);
	tree_unlink(dir, "0");
	ino = tree_replace(dir, "1", S_IFREG | 0644);
	tree_set_size(tree_ino_of(dir, "2"), 7);
	tree_add(dir, "3", S_IFREG | 0644);
	server_bump();
	lookups_of("changes");
	ktap_is(lookups_of("changes/1"), 1, "LOOKUPs of a replaced node");
	ktap_ok(!error_of("changes/1", &st) && st.st_ino == ino, "it is found");
	ktap_is(lookups_of("changes/3"), 1, "LOOKUPs of one that was missing");
	ktap_is(error_of("changes/3", &st), 0, "it is there now, errno");
	ktap_is(error_of("changes/0", &st), ENOENT, "one that is gone, errno");
	ktap_ok(!error_of("changes/2", &st) && st.st_size == 7,
		"one that has another size");
	ktap_is(lookups_of_all("changes/%u", 4), 0, "LOOKUPs after that");
}

/* Who makes a file holds the directory's lock: then it takes two. */
static void opens_replaced(void)
{
	uint64_t dir = tree_add(ROOT, "opens", S_IFDIR | 0755), ino;
	struct stat st = { 0 };
	int fd;

	tree_add(dir, "it", S_IFREG | 0644);
	lookups_of("opens/it");
	ino = tree_replace(dir, "it", S_IFREG | 0644);
	server_bump();
	fd = open(server_path("opens/it"), O_CREAT | O_RDWR, 0644);
	ktap_ok(!fstat(fd, &st) && st.st_ino == ino,
		"open(O_CREAT) of a replaced node");
	close(fd);
}

static void bumped_meanwhile(void)
{
	server_bump();
	server_bump_in(FUSE_LOOKUP);
	lookups_of("kept/0");
	server_bump_in(0);
	ktap_is(lookups_of("kept/0"), 2, "LOOKUPs after a bump in each LOOKUP");
	ktap_is(lookups_of("kept/0"), 0, "LOOKUPs after that");
}

static uint64_t dir_with_mount(const char *name, const char *below)
{
	uint64_t dir = tree_add(ROOT, name, S_IFDIR | 0755);

	tree_add(dir, "below", S_IFDIR | 0755);
	ktap_control(!mount("none", server_path(below), "tmpfs", 0, NULL),
		     "a mount below");
	return dir;
}

/* It says "no", and is from before a bump after which the name was found. */
static void late_no(void)
{
	uint64_t dir = dir_with_mount("late", "late/below"), lookups;
	struct fuse_out_header *no;
	pthread_t thread;

	server_bump();
	tree_unlink(ROOT, "late");
	no = start(&thread, "late");
	tree_link(dir, ROOT, "late");
	server_bump();
	ktap_is(lookups_of("late"), 1, "LOOKUPs: it is found again meanwhile");
	lookups = server_count(FUSE_LOOKUP);
	server_send(no);
	pthread_join(thread, NULL);
	ktap_ok(is_mounted("late/below"), "a late no takes nothing down");
	ktap_is(server_count(FUSE_LOOKUP) - lookups, 0,
		"LOOKUPs of that walk after it");
	ktap_is(lookups_of("late"), 0, "LOOKUPs after that");
	umount2(server_path("late/below"), MNT_DETACH);
}

/* It says "no" of a name that the directory doesn't have any more. */
static void moved_no(void)
{
	uint64_t dir = dir_with_mount("from", "from/below");
	struct fuse_out_header *no;
	pthread_t thread;
	struct stat st;

	tree_unlink(ROOT, "from");
	tree_link(dir, ROOT, "to");
	server_bump();
	no = start(&thread, "from");
	ktap_is(error_of("to", &st), 0, "it is found elsewhere, errno");
	server_send(no);
	pthread_join(thread, NULL);
	ktap_ok(is_mounted("to/below"), "a no about another name, either");
	ktap_is(error_of("from", &st), ENOENT, "the old name, errno");
	umount2(server_path("to/below"), MNT_DETACH);
}

static int found_error;

static void *find(void *path)
{
	struct stat st;

	found_error = error_of(path, &st);
	return NULL;
}

static void *make(void *path)
{
	int fd = open(server_path(path), O_CREAT | O_RDWR, 0644);

	found_error = fd < 0 ? errno : 0;
	close(fd);
	return NULL;
}

static void move(uint64_t ino, uint64_t dir, const char *from, const char *to)
{
	tree_unlink(dir, from);
	tree_link(ino, dir, to);
}

/*
 * The same, and the walk that begins anew meets it once more.  It asks for each
 * name: so it can be held at "in" while the directory is there again.
 */
static void moved_no_twice(void *(*go)(void *), int error, const char *what)
{
	uint64_t in = tree_add(ROOT, "in", S_IFDIR | 0755);
	uint64_t dir = tree_add(in, "from", S_IFDIR | 0755);
	struct fuse_out_header *no, *yes;
	pthread_t thread;

	server_bump(); /* there may have been another "in" */
	lookups_of("in/from");
	server_bump();
	lookups_of("in");
	move(dir, in, "from", "to");
	server_hold(FUSE_LOOKUP, in);
	pthread_create(&thread, NULL, go, "in/from");
	server_wait_held();
	no = server_take_held();
	lookups_of("in/to");

	server_hold(FUSE_LOOKUP, ROOT);
	server_send(no);
	server_wait_held();
	yes = server_take_held();
	move(dir, in, "to", "from");
	ktap_control_is(lookups_of("in/from"), 1, "LOOKUPs: it is back");

	move(dir, in, "from", "to");
	server_hold(FUSE_LOOKUP, in);
	server_send(yes);
	server_wait_held();
	no = server_take_held();
	lookups_of("in/to");
	server_send(no);
	pthread_join(thread, NULL);
	ktap_is(found_error, error, what);
	tree_unlink(ROOT, "in");
}

static void *unlink_it(void *path)
{
	unlink(server_path(path));
	return NULL;
}

/*
 * It names another node, and an unlink() that began before the bump takes that
 * away before the reply comes.  This server does what it is told at once, so the
 * name is put back until it could have been.
 */
static void replaced_and_unlinked(void)
{
	uint64_t dir = tree_add(ROOT, "unlinks", S_IFDIR | 0755), ino;
	struct fuse_out_header *done, *other;
	pthread_t unlinker, walker;
	struct stat st;

	tree_add(dir, "it", S_IFREG | 0644);
	lookups_of("unlinks/it");
	server_hold(FUSE_UNLINK, dir);
	pthread_create(&unlinker, NULL, unlink_it, "unlinks/it");
	server_wait_held();
	done = server_take_held();
	ino = tree_add(dir, "it", S_IFREG | 0644);
	server_bump();
	server_hold(FUSE_LOOKUP, dir);
	pthread_create(&walker, NULL, find, "unlinks/it");
	server_wait_held();
	other = server_take_held();
	tree_unlink(dir, "it");
	server_send(done);
	pthread_join(unlinker, NULL);
	server_send(other);
	pthread_join(walker, NULL);
	ktap_is(found_error, ENOENT,
		"a replaced name that was unlinked, errno");
	ktap_is(error_of("unlinks/it", &st), ENOENT, "and after that, errno");
	ktap_control(ino && !tree_ino_of(dir, "it"), "it is gone");
}

/* It says "yes", and what it says has changed; the stamp stays the newer one. */
static void late_yes(void)
{
	uint64_t file = tree_add(ROOT, "sized", S_IFREG | 0644);
	struct fuse_out_header *yes;
	pthread_t thread;
	struct stat st;

	tree_set_size(file, 1);
	error_of("sized", &st);
	server_bump();
	yes = start(&thread, "sized");
	tree_set_size(file, 2);
	server_bump();
	error_of("sized", &st);
	ktap_is(st.st_size, 2, "size after a bump");
	server_send(yes);
	pthread_join(thread, NULL);
	ktap_is(lookups_of("sized"), 0, "LOOKUPs after a late reply");
	error_of("sized", &st);
	ktap_is(st.st_size, 2, "size after that");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	keeps();
	finds_changes();
	opens_replaced();
	bumped_meanwhile();
	if (walks_keep_nodes()) { /* others wait for the reply that is held */
		late_no();
		moved_no();
		moved_no_twice(find, ENOENT,
			       "a name that was moved twice, errno");
		moved_no_twice(make, 0, "open(O_CREAT) of such a name, errno");
		replaced_and_unlinked();
		late_yes();
	}
	server_stop();
	return ktap_end();
}
