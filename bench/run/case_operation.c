// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_operation.c - what does one operation cost, alone?
 *
 * Each operation is done many times, and the cheapest one counts: a timer's
 * tick, a slab that must be refilled or a bucket with two dentries in it can
 * only add.  Where instructions are counted, the number is therefore the same
 * in each run, and the gate compares it (bench/insn/gate.h).  Names are looked
 * up from an open directory, so that one dentry is revalidated and no other.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case.h"
#include "bench/lib/clock.h"
#include "bench/lib/marker.h"
#include "measure.h"
#include "operation.h"
#include "session.h"

/* First touches of a whole directory in a sample; bumps as many, and one. */
#define TOUCHES 8

/* The directory that names are looked up in; no request, and no cascade in it. */
static int open_dir(struct bench *b, int at, const char *name)
{
	int fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? bench_fail(b, -errno, "open %s: %s", name,
				   strerror(errno))
		      : fd;
}

/* One stat; *least, where it is wanted, becomes its cost if that is less. */
static int touch(struct bench *b, int dir, const char *name, uint64_t *least)
{
	struct stat st = { 0 }; /* its page is there before */
	uint64_t at, cost;
	int ret;

	if (!least) {
		ret = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
	} else {
		at = clock_begin();
		ret = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
		cost = clock_end() - at;
		*least = cost < *least ? cost : *least;
	}
	return ret ? bench_fail(b, -errno, "stat %s: %s", name, strerror(errno))
		   : 0;
}

static int touch_all(struct bench *b, int dir, uint64_t *least)
{
	/* Aligned: how a string is copied depends on where it ends. */
	char name[TREE_NAME_LEN + 1] __attribute__((aligned(64))) = "";
	int err = 0;

	for (uint64_t slot = 1; !err && slot <= b->tree.n; slot++) {
		tree_name(slot, name);
		err = touch(b, dir, name, least);
		if (bench_interrupted)
			err = -ECANCELED;
	}
	return err;
}

/* Touches all names as one phase, of which each must ask for opcode or not. */
static int measure_touches(struct bench *b, struct sample *s, int dir,
			   enum phase ph, uint64_t lookup_cnt)
{
	struct phase_cost *p = &s->phase[ph];
	uint64_t least = UINT64_MAX;
	int err;

	measure_begin(b);
	marker_select(operation_nr(b, ph));
	err = touch_all(b, dir, &least);
	if (!err)
		err = measure_end(b, s, ph, false);
	if (err)
		return err;
	p->cost = least;
	if (p->op_cnt[OPCODE_LOOKUP] != lookup_cnt)
		return bench_fail(b, -EIO, "%llu LOOKUPs instead of %llu",
				  (unsigned long long)p->op_cnt[OPCODE_LOOKUP],
				  (unsigned long long)lookup_cnt);
	return 0;
}

/* The least of what it was before, and of what it is now. */
static void keep_least(struct phase_cost *p, uint64_t *least)
{
	if (p->cost < *least)
		*least = p->cost;
	p->cost = *least;
}

/* Never seen names, and then the same again. */
static int run_none(struct bench *b, struct sample *s, int root)
{
	int dir = open_dir(b, root, TREE_TOP_NAME), err;

	if (dir < 0)
		return dir;
	err = measure_touches(b, s, dir, PHASE_MISS, b->tree.n);
	if (!err)
		err = measure_touches(b, s, dir, PHASE_HIT, 0);
	close(dir);
	return err;
}

/* The messages of a method about all names; often, if it is only one. */
static int run_message(struct bench *b, struct sample *s, int root)
{
	int times = b->method->msg_cnt && b->method->msg_cnt(&b->tree) == 1
			    ? TOUCHES
			    : 1;
	uint64_t least = UINT64_MAX;
	int err = 0, dir;

	for (int i = 0; !err && i < times; i++) {
		dir = open_dir(b, root, TREE_TOP_NAME);
		if (dir < 0)
			return dir;
		err = touch_all(b, dir, NULL);
		close(dir);
		if (!err)
			err = bench_notify(b, s, false);
		if (!err)
			keep_least(&s->phase[PHASE_NOTIFY], &least);
	}
	return err;
}

static int first_touch(struct bench *b, struct sample *s, int root,
		       uint64_t *least)
{
	int err;

	measure_begin(b);
	marker_select(operation_nr(b, PHASE_FIRST_TOUCH));
	err = touch(b, root, TREE_TOP_NAME, least);
	if (!err)
		err = measure_end(b, s, PHASE_FIRST_TOUCH, false);
	s->phase[PHASE_FIRST_TOUCH].cost = *least;
	return err;
}

static int run_epoch(struct bench *b, struct sample *s, int root)
{
	uint64_t bump = UINT64_MAX, least = UINT64_MAX;
	int err = 0, dir;

	for (int i = 0; !err && i <= TOUCHES; i++) {
		dir = open_dir(b, root, TREE_TOP_NAME);
		if (dir < 0)
			return dir;
		err = touch_all(b, dir, NULL);
		if (!err)
			err = bench_notify(b, s, false);
		if (!err)
			keep_least(&s->phase[PHASE_NOTIFY], &bump);
		if (!err && i == TOUCHES) /* each name, found stale by itself */
			err = measure_touches(b, s, dir, PHASE_STALE,
					      b->tree.n);
		close(dir);
		if (!err && i < TOUCHES) /* all of them, with their directory */
			err = first_touch(b, s, root, &least);
	}
	return err;
}

static int run(struct bench *b, struct sample *s)
{
	int root = open_dir(b, AT_FDCWD, b->mp.path), err;

	if (root < 0)
		return root;
	b->per_message = true;
	if (!b->method->msg_cnt && !b->method->act)
		err = run_none(b, s, root);
	else if (b->method_nr == (unsigned int)inval_by_name("epoch"))
		err = run_epoch(b, s, root);
	else
		err = run_message(b, s, root);
	b->per_message = false;
	close(root);
	return err ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "hit", .kind = COL_MIN, .phase = PHASE_HIT },
	{ .title = "miss", .kind = COL_MIN, .phase = PHASE_MISS },
	{ .title = "stale", .kind = COL_MIN, .phase = PHASE_STALE },
	{ .title = "a message", .kind = COL_MIN, .phase = PHASE_NOTIFY },
	{ .title = "first touch", .kind = COL_MIN, .phase = PHASE_FIRST_TOUCH },
	{ .title = "runs", .kind = COL_RUNS },
};

static const struct bench_case case_operation = {
	.table = {
		.name = "operation",
		.title = "One operation, the least of many",
		.note = "hit: a stat of a cached name.  miss: of one that was "
			"never looked up.  stale: of one that a bump made "
			"stale.  a message: the write() of one notification.  "
			"first touch: a stat of the directory after a bump, "
			"which tears down all names in it.",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
		.row_per_method = true,
	},
	.help = "one operation alone: hit, miss, stale miss, message, cascade",
	.methods = "none,epoch,inval_inode_attr,inval_inode,inval_entry,"
		   "inval_entry_top,expire_entry,delete,prune",
	.run = run,
};
BENCH_CASE(case_operation);
