// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_daemon.c - what does each method cost a daemon that isn't ours, what does
 * it break, and is a change behind seen after it?
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/daemon/breaks.h"
#include "bench/daemon/facts.h"
#include "bench/daemon/observe.h"
#include "case_daemon.h"
#include "measure.h"
#include "session.h"
#include "theirs.h"
#include "walk.h"

/* Whoever waits longer for a time-out wants another method. */
#define WATCH_NS 3000000000ULL

enum { CHANGES = 3 };

/* Files that change behind the mount, and their sizes as they were seen. */
struct changes {
	uint64_t slot[CHANGES];
	off_t size[CHANGES];
	bool unseen[CHANGES];
	unsigned int cnt;
};

static int walk(struct bench *b, uint64_t first, uint64_t last)
{
	char path[PATH_MAX];
	struct stat st;

	for (uint64_t slot = first; slot <= last; slot++) {
		if (bench_interrupted)
			return -ECANCELED;
		theirs_path(b, slot, path, sizeof(path));
		/* Of one in use a name may go at any time. */
		if (lstat(path, &st) &&
		    !(b->theirs->mounted && errno == ENOENT))
			return bench_fail(b, -errno, "lstat %s: %s%s", path,
					  strerror(errno),
					  theirs_was_hung(b->theirs)
						  ? ": the daemon hung, and "
						    "its connection was aborted"
						  : "");
	}
	return 0;
}

static int list(struct bench *b)
{
	struct theirs *t = b->theirs;
	int err;

	if (!t->mounted)
		return walk_readdir(b);
	err = mounted_list(t->mounted, t->root, b->tree.n);
	return err ? bench_fail(b, err, "%s can't be listed: %s", t->root,
				strerror(-err))
		   : 0;
}

static int fill(struct bench *b, struct sample *s)
{
	int err = 0;

	measure_begin(b);
	if (b->populate == POPULATE_READDIRPLUS)
		err = list(b);
	/* Of one in use all may have been cached before. */
	if (!err && b->warming_up && !b->theirs->mounted) {
		b->theirs->facts.listed_cnt = theirs_cached_cnt(b);
		b->theirs->facts.listed_of_cnt = b->tree.n;
	}
	/* Not all daemons, and no listing but the first, bring nodes along. */
	if (!err)
		err = walk(b, 1, b->tree.n);
	if (!err)
		err = measure_end(b, s, PHASE_POPULATE, false);
	measure_begin(b);
	if (!err)
		err = walk(b, 1, b->tree.n);
	return err ? err : measure_end(b, s, PHASE_WARM_WALK, false);
}

static off_t size_of(const struct bench *b, uint64_t slot)
{
	char path[PATH_MAX];
	struct stat st;

	theirs_path(b, slot, path, sizeof(path));
	return lstat(path, &st) ? -1 : st.st_size;
}

/* Not the name that is touched first, whose cost is that of the first touch. */
static int change_some(struct bench *b, struct changes *c)
{
	char path[TREE_PATH_MAX];
	int err = 0;

	*c = (struct changes){ .cnt = 0 };
	for (uint64_t slot = b->tree.n - 1;
	     !err && c->cnt < CHANGES && slot > 1 &&
	     slot > tree_dir_cnt(&b->tree);
	     slot--) {
		c->slot[c->cnt] = slot;
		c->size[c->cnt] = size_of(b, slot);
		tree_path(&b->tree, slot, path);
		err = served_change(&b->theirs->served, path);
		c->cnt += !err;
	}
	return err ? bench_fail(b, err, "%s can't be changed: %s", path,
				err == -ECHILD ? "the command has failed"
					       : strerror(-err))
		   : 0;
}

static void look_before(const struct bench *b, struct changes *c,
			struct sample *s)
{
	for (unsigned int i = 0; i < c->cnt; i++) {
		c->unseen[i] = size_of(b, c->slot[i]) == c->size[i];
		s->unseen_cnt += c->unseen[i];
	}
}

static void look_after(const struct bench *b, const struct changes *c,
		       struct sample *s)
{
	for (unsigned int i = 0; i < c->cnt; i++)
		s->seen_cnt +=
			c->unseen[i] && size_of(b, c->slot[i]) != c->size[i];
}

static void note_breaks(struct bench *b, struct sample *s)
{
	static const enum record_break bits[BREAKS] = {
		[BREAK_SUBMOUNT] = RECORD_SUBMOUNT,
		[BREAK_OVERLAY] = RECORD_OVERLAY,
	};
	struct breaks breaks;

	breaks_try(
		&b->theirs->daemon, &b->theirs->served, b->mp.path, b->method,
		b->method_nr == inval_own ? b->theirs->notify : NULL, &breaks);
	for (int i = 0; i < BREAKS; i++) {
		s->tried_bits |= breaks.tried[i] ? bits[i] : 0;
		s->broken_bits |= breaks.broken[i] ? bits[i] : 0;
	}
}

static int note_times(struct bench *b)
{
	struct theirs *t = b->theirs;
	struct record_daemon *facts = &t->facts;
	struct observed_names names = {
		.folder = t->root,
		.absent = SERVED_ABSENT,
	};
	char beside[PATH_MAX + sizeof(SERVED_BESIDE)];
	struct observed o;
	int err;

	if (t->mounted) {
		names.kept = mounted_top(t->mounted);
		names.absent = ".epochbench-absent";
	} else {
		snprintf(beside, sizeof(beside), "%s/" SERVED_BESIDE, t->root);
		names.folder = beside;
		names.kept = SERVED_KEPT;
		names.changed = SERVED_CHANGED;
		names.inside = SERVED_BESIDE "/" SERVED_CHANGED;
		names.served = &t->served;
	}
	theirs_note_facts(t);
	err = observe(&names, WATCH_NS, &o);
	if (err)
		return bench_fail(b, err, "names can't be watched: %s",
				  strerror(-err));
	facts->entry_ns = o.entry_ns;
	facts->negative_ns = o.negative_ns;
	facts->change_ns = o.change_ns;
	facts->watched_ns = o.watched_ns;
	return 0;
}

/* The deepest of a tree first, so that the whole path to it is stale. */
static int rewalk(struct bench *b, struct sample *s, const struct changes *c)
{
	uint64_t n = b->tree.n;
	int err;

	measure_begin(b);
	err = walk(b, n, n);
	if (!err)
		err = measure_end(b, s, PHASE_FIRST_TOUCH, false);
	if (err)
		return err;
	look_after(b, c, s);
	measure_begin(b);
	err = walk(b, 1, n - 1);
	return err ? err : measure_end(b, s, PHASE_REWALK, false);
}

static int invalidate(struct bench *b, struct sample *s)
{
	struct changes changes = { .cnt = 0 };
	int err = 0;

	theirs_renumbered_cnt(b);
	s->cached_cnt = theirs_cached_cnt(b);
	if (!b->theirs->mounted)
		err = change_some(b, &changes);
	look_before(b, &changes, s);
	if (!err)
		err = bench_notify(b, s, false);
	if (err)
		return err;
	s->stale_cnt = b->tree.n - theirs_cached_cnt(b);
	return rewalk(b, s, &changes);
}

static int run(struct bench *b, struct sample *s)
{
	bool is_ours = !b->theirs->mounted; /* to change, to build on, to end */
	pid_t pid = b->theirs->daemon.loan.pid;
	int err;

	s->daemon_start_bytes = facts_rss_bytes(pid);
	err = fill(b, s);
	if (!err)
		err = invalidate(b, s);
	if (err)
		return err;
	bench_total(s);
	s->renumbered_cnt = theirs_renumbered_cnt(b);
	s->daemon_rss_bytes = facts_peak_bytes(pid);
	if (is_ours)
		note_breaks(b, s);
	err = b->warming_up ? note_times(b) : 0;
	return err || !is_ours ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY },
	{ .title = "first touch",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_FIRST_TOUCH,
	  .rank = TABLE_LESSER },
	{ .title = "re-walk",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_REWALK,
	  .rank = TABLE_LESSER },
	{ .title = "total", .kind = COL_MEDIAN, .phase = PHASE_TOTAL },
	{ .title = "±",
	  .kind = COL_MAD_PCT,
	  .phase = PHASE_TOTAL,
	  .rank = TABLE_LEAST },
	{ .title = "vs none",
	  .kind = COL_VS_NONE,
	  .phase = PHASE_TOTAL,
	  .rank = TABLE_LESSER },
	{ .title = "asked again", .kind = COL_ASKED },
	{ .title = "LOOKUP",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_LOOKUP },
	{ .title = "seen", .kind = COL_SEEN },
	{ .title = "renumbered", .kind = COL_RENUMBERED },
	{ .title = "breaks", .kind = COL_BREAKS, .rank = TABLE_STAYS },
	{ .title = "memory", .kind = COL_DAEMON_START, .rank = TABLE_LEAST },
	{ .title = "peak", .kind = COL_DAEMON_PEAK, .rank = TABLE_LEAST },
};

const struct bench_case case_daemon = {
	.table = {
		.name = "daemon",
		.title = "Make a tree of this daemon stale",
		.note = "notify: messages in the daemon's name.  first touch, "
			"re-walk, total: as for our own daemon.  asked again: "
			"names that the kernel wouldn't use any more without "
			"a question, as it says itself.  LOOKUP: by the "
			"tracer (--trace), without what was looked at in "
			"between; else -, as nobody counts what this "
			"daemon is asked.  seen: of changes behind it that "
			"couldn't be seen before the notify, those that could "
			"right after it.  renumbered: names that have another "
			"st_ino now.  breaks: a mount on a folder of it is "
			"gone, an overlay above answers ESTALE; ?: neither "
			"can be built here.  memory: of the daemon, when it "
			"was mounted and at most.",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
		.row_per_method = true,
	},
	.help = "a daemon that isn't ours",
	.methods = "none,epoch,inval_entry,expire_entry,inval_inode",
	.run = run,
};
CASE_TABLE(case_daemon_table, case_daemon.table);
