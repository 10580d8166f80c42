// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochstat counts each outcome of fuse_dentry_revalidate() in its column, and
 * exactly.  What is expected is what was done, and what the server counted.
 *
 * only: stock v8 hardened
 * program: epochstat
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

enum { FILES = 17 };

static bool epochs;
static uint64_t lookups_before;

/* One lstat() each of "f0" to "f16"; all are in the root. */
static void stat_files(void)
{
	lookups_of_all("f%u", FILES);
}

static void begin(void)
{
	server_start();
	epochs = server_bump() == 0;
	add_files(ROOT, "f%u", FILES);
	lookups_before = server_count(FUSE_LOOKUP);
}

/* All counters but those named (and 0 for the rest) must be 0. */
struct expected {
	uint64_t fresh, relooked, epoch, gone, changed, negative, bad, error;
	uint64_t rcu_retry, lookup;
};

static void end(const char *what, const struct expected *e)
{
	tracer_settle();
	printf("# %s\n", what);
	ktap_is(tracer_sum("outcome_cnt.fresh"), e->fresh, "fresh");
	ktap_is(tracer_sum("outcome_cnt.relooked"), e->relooked, "relooked");
	ktap_is(tracer_sum("outcome_cnt.epoch"), e->epoch, "epoch");
	ktap_is(tracer_sum("outcome_cnt.gone"), e->gone, "gone");
	ktap_is(tracer_sum("outcome_cnt.changed"), e->changed, "changed");
	ktap_is(tracer_sum("outcome_cnt.negative"), e->negative, "negative");
	ktap_is(tracer_sum("outcome_cnt.bad"), e->bad, "bad");
	ktap_is(tracer_sum("outcome_cnt.error"), e->error, "error");
	ktap_is(tracer_sum("rcu_retry_cnt"), e->rcu_retry, "RCU retries");
	ktap_is(tracer_sum("lookup_cnt"), e->lookup, "LOOKUPs");
	ktap_is(server_count(FUSE_LOOKUP) - lookups_before, e->lookup,
		"LOOKUPs that the server saw");
	ktap_is(tracer_sum("lost.counts") + tracer_sum("lost.state") +
			tracer_sum("lost.programs"),
		0, "lost");
	server_stop();
}

static void fresh(void)
{
	begin();
	stat_files();
	stat_files();
	stat_files();
	end("hits", &(struct expected){ .fresh = 2 * FILES, .lookup = FILES });
}

static void relooked(void)
{
	begin();
	tree_set_valid_s(0);
	stat_files();
	stat_files();
	stat_files();
	end("names that expire at once",
	    &(struct expected){ .relooked = 2 * FILES,
				.rcu_retry = 2 * FILES,
				.lookup = 3 * FILES });
}

static void stale(void)
{
	begin();
	stat_files();
	server_bump();
	server_bump();
	stat_files();
	stat_files();
	end("two bumps",
	    epochs ? &(struct expected){ .fresh = FILES,
					 .epoch = FILES,
					 .lookup = 2 * FILES }
		   : &(struct expected){ .fresh = 2 * FILES, .lookup = FILES });
	if (epochs) {
		ktap_is(tracer_sum("behind_cnt"), 2 * FILES, "bumps behind");
		ktap_is(tracer_sum("notify_cnt.inc_epoch"), 3, "bumps");
		ktap_is(tracer_last("epoch"), 4, "the epoch");
	} else {
		ktap_is(tracer_sum("notify_cnt.inc_epoch"), 0, "bumps");
		ktap_is(tracer_sum("notify_failed_cnt"), 3, "refused");
	}
}

static void gone(void)
{
	unsigned int i;
	char name[16];

	begin();
	tree_set_valid_s(0);
	stat_files();
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		tree_unlink(ROOT, name);
	}
	stat_files();
	/* A LOOKUP by the revalidate, and one as nothing is cached then. */
	end("unlinked", &(struct expected){ .gone = FILES,
					    .rcu_retry = FILES,
					    .lookup = 3 * FILES });
}

/* Another inode, another type of the same, another generation of it. */
static void changed(void)
{
	struct stat st;

	begin();
	tree_set_valid_s(0);
	stat_files();
	tree_replace(ROOT, "f0", S_IFREG | 0644);
	tree_set_mode(tree_ino_of(ROOT, "f1"), S_IFDIR | 0755);
	tree_set_generation(tree_ino_of(ROOT, "f2"), 5);
	lstat(server_path("f0"), &st);
	lstat(server_path("f1"), &st);
	lstat(server_path("f2"), &st);
	end("replaced", &(struct expected){ .changed = 3,
					    .rcu_retry = 3,
					    .lookup = FILES + 2 * 3 });
}

static void negative(void)
{
	begin();
	tree_set_valid_s(0);
	lookups_of("none");
	lookups_of("none");
	lookups_of("none");
	end("negative and expired",
	    &(struct expected){ .negative = 2, .lookup = 3 });
}

static void error(void)
{
	begin();
	tree_set_valid_s(0);
	stat_files();
	server_fail_next(FUSE_LOOKUP, EIO);
	lookups_of("f3");
	/* Then the walk asks on its own, and is answered. */
	end("a LOOKUP that fails", &(struct expected){ .error = 1,
						       .rcu_retry = 1,
						       .lookup = FILES + 2 });
}

/* An inode whose type changes under an open file is bad from then on. */
static void bad(void)
{
	struct fuse_notify_inval_inode_out out = { .off = -1 };
	struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out out;
	} message;
	struct stat st;
	int fd;

	begin();
	fd = open(server_path("f4"), O_RDONLY);
	out.ino = tree_ino_of(ROOT, "f4");
	tree_set_mode(out.ino, S_IFDIR | 0755);
	message.header =
		(struct fuse_out_header){ .len = sizeof(message),
					  .error = FUSE_NOTIFY_INVAL_INODE };
	message.out = out;
	server_write(&message, sizeof(message));
	ktap_control(fstat(fd, &st) == -1 && errno == EIO,
		     "the inode becomes bad");
	lookups_of("f4");
	close(fd);
	end("a bad inode", &(struct expected){ .bad = 1, .lookup = 2 });
	ktap_is(tracer_sum("notify_cnt.inval_inode"), 1, "INVAL_INODE");
}

/* Components of a path one after the other, some hits, some misses. */
static void nested(void)
{
	uint64_t a, b;

	begin();
	a = tree_add(ROOT, "a", S_IFDIR | 0755);
	b = tree_add(a, "b", S_IFDIR | 0755);
	tree_add(b, "c", S_IFREG | 0644);
	lookups_of("a/b/c");
	lookups_of("a/b/c");
	lookups_of("a/b");
	lookups_of("a/b/none");
	lookups_of("a/b/none");
	end("a path of three",
	    &(struct expected){ .fresh = 3 + 2 + 2 + 3, .lookup = 3 + 1 });
}

int main(void)
{
	ktap_begin();
	/* Once for all: to load it takes seconds where that is emulated. */
	tracer_start("epochstat", "-j", "-a", "0.2", NULL);
	fresh();
	relooked();
	stale();
	gone();
	changed();
	negative();
	error();
	bad();
	nested();
	ktap_ok(tracer_stop() == 0, "the tracer ends well");
	return ktap_end();
}
