// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many who come to one stale directory send one LOOKUP.  Who comes after another
 * bump doesn't wait for the reply to one from before it, and who has waited
 * doesn't wait again; if that LOOKUP failed another of them asks.  So does who
 * finds that the directory has another name by then.
 *
 * In upstream one of those who wait may find the new dentry before it has its
 * epoch, and ask again: see test_visible.
 *
 * either: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { WALKERS = 16 };

struct walker {
	pthread_t thread;
	volatile pid_t tid;
	volatile bool done;
	int error;
};

static struct walker walkers[WALKERS];
static const char *walked = "dir/0";

static void *walk(void *arg)
{
	struct walker *walker = arg;
	struct stat st;

	walker->tid = syscall(SYS_gettid);
	walker->error = stat(server_path(walked), &st) ? errno : 0;
	walker->done = true;
	return NULL;
}

static void start(int first, int end)
{
	int i;

	for (i = first; i < end; i++) {
		walkers[i] = (struct walker){ 0 };
		pthread_create(&walkers[i].thread, NULL, walk, &walkers[i]);
	}
}

/* Of these all but the one whose reply is held wait, by whatever means. */
static bool all_wait(int first, int end)
{
	int i;

	for (i = first; i < end; i++)
		if (!walkers[i].tid || !is_in_state(walkers[i].tid, "SD"))
			return false;
	return true;
}

static int join(int first, int end)
{
	int i, errors = 0;

	for (i = first; i < end; i++) {
		pthread_join(walkers[i].thread, NULL);
		errors += walkers[i].error != 0;
	}
	return errors;
}

/* All come while the LOOKUP of the first is on its way. */
static void herd(void)
{
	uint64_t before;

	server_bump();
	before = server_count(FUSE_LOOKUP);
	server_hold(FUSE_LOOKUP, ROOT);
	start(0, WALKERS);
	server_wait_held();
	ktap_control(poll_until(all_wait(0, WALKERS), PATIENCE_MS),
		     "all come to the same name");
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs by then");
	server_release();
	ktap_is(join(0, WALKERS), 0, "errors");
	ktap_is(server_count(FUSE_LOOKUP) - before, 2,
		"LOOKUPs of a directory and a file in it by 16");
}

/* The reply that is on its way isn't for those who come after another bump. */
static void later_epoch(void)
{
	struct fuse_out_header *older;
	uint64_t before;

	server_bump();
	server_hold(FUSE_LOOKUP, ROOT);
	start(0, 1);
	server_wait_held();
	older = server_take_held();
	server_bump();
	before = server_count(FUSE_LOOKUP);
	start(1, WALKERS);
	ktap_is(join(1, WALKERS), 0, "errors after another bump");
	ktap_is(server_count(FUSE_LOOKUP) - before, 2, "LOOKUPs of the 15");
	server_send(older);
	ktap_is(join(0, 1), 0, "errors of the first");
	ktap_is(lookups_of("dir/0"), 0, "LOOKUPs after that");
}

/*
 * Whose answer has come goes on, though there was a bump, and somebody else asks
 * in the new epoch: a server that bumps all the time would never let it through.
 */
static void another_epoch(void)
{
	struct fuse_out_header *older, *newer;

	server_bump();
	server_hold(FUSE_LOOKUP, ROOT);
	start(0, 1);
	server_wait_held();
	older = server_take_held();
	start(1, 2);
	ktap_control(poll_until(all_wait(1, 2), PATIENCE_MS),
		     "the second waits for the first");
	server_bump();
	server_hold(FUSE_LOOKUP, ROOT);
	start(2, 3);
	server_wait_held();
	newer = server_take_held();
	server_send(older);
	ktap_is(join(0, 1), 0, "errors of the first");
	ktap_ok(poll_until(walkers[1].done, PATIENCE_MS),
		"the second doesn't wait for the third, too");
	ktap_control(!walkers[2].done, "which waits for the server");
	server_send(newer);
	ktap_is(join(1, 3), 0, "errors of the others");
}

/* The directory is found elsewhere while one asks for its old name. */
static void moves(void)
{
	uint64_t dir = tree_add(ROOT, "from", S_IFDIR | 0755);
	struct fuse_out_header *no;

	lookups_of("from");
	tree_unlink(ROOT, "from");
	tree_link(dir, ROOT, "to");
	server_bump();
	walked = "from";
	server_hold(FUSE_LOOKUP, ROOT);
	start(0, 1);
	server_wait_held();
	no = server_take_held();
	start(1, 2);
	ktap_control(poll_until(all_wait(1, 2), PATIENCE_MS),
		     "the second waits for the first");
	ktap_control_is(lookups_of("to"), 1, "LOOKUPs of the new name");
	server_send(no);
	join(0, 2);
	ktap_is(walkers[0].error, ENOENT, "the old name, errno");
	ktap_is(walkers[1].error, ENOENT, "and for who has waited, errno");
	walked = "dir/0";
}

static void fails(void)
{
	uint64_t before;

	server_bump();
	before = server_count(FUSE_LOOKUP);
	server_hold(FUSE_LOOKUP, ROOT);
	start(0, WALKERS);
	server_wait_held();
	poll_until(all_wait(0, WALKERS), PATIENCE_MS);
	server_fail_held(EIO);
	server_release();
	ktap_is(join(0, WALKERS), 1, "errors, when the one who asks gets EIO");
	ktap_is(server_count(FUSE_LOOKUP) - before, 3, "LOOKUPs for that");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", 1);
	lookups_of("dir/0");
	herd();
	if (walks_keep_nodes()) { /* others wait for whatever LOOKUP it is */
		later_epoch();
		another_epoch();
		moves();
		fails();
	}
	server_stop();
	return ktap_end();
}
