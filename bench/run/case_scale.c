// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_scale.c - populate, one bump, complete teardown.  This is for trees of
 * tens of millions of names, where a whole re-walk would take minutes.
 */
#include <errno.h>

#include "case.h"
#include "session.h"

/*
 * After the one stat no inode of the tree may be left; or all are, where the
 * kernel asks again whether names are the same, but then it must have asked.
 */
static int check_torn_down(struct bench *b, const struct sample *s)
{
	uint64_t want = tree_inode_cnt(&b->tree), got = 0;

	if (!b->method->drops_inodes)
		return 0;
	got += s->phase[PHASE_NOTIFY].op_cnt[OPCODE_FORGET];
	got += s->phase[PHASE_FIRST_TOUCH].op_cnt[OPCODE_FORGET];
	if (got >= want ||
	    (!got && s->phase[PHASE_FIRST_TOUCH].op_cnt[OPCODE_LOOKUP]))
		return 0;
	return bench_fail(b, -EIO, "%llu of %llu inodes were forgotten",
			  (unsigned long long)got, (unsigned long long)want);
}

static int run(struct bench *b, struct sample *s)
{
	int err = bench_take_ballast(b);

	if (!err)
		err = bench_populate(b, s);
	if (!err)
		err = bench_prove_warm(b, s);
	if (!err)
		err = bench_notify(b, s, false);
	if (!err)
		err = bench_first_touch(b, s);
	if (!err)
		err = check_torn_down(b, s);
	return err ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "shape", .kind = COL_SHAPE },
	{ .title = "names", .kind = COL_N },
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "populate", .kind = COL_MEDIAN, .phase = PHASE_POPULATE },
	{ .title = "names/s",
	  .kind = COL_RATE,
	  .phase = PHASE_POPULATE,
	  .rank = TABLE_LESSER },
	{ .title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY },
	{ .title = "first touch",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_FIRST_TOUCH },
	{ .title = "reclaim", .kind = COL_MEDIAN, .phase = PHASE_RECLAIM },
	{ .title = "FORGET",
	  .kind = COL_OPS,
	  .phase = PHASE_FIRST_TOUCH,
	  .opcode = OPCODE_FORGET },
	{ .title = "memory", .kind = COL_MEM_PEAK, .rank = TABLE_LESSER },
	{ .title = "per name", .kind = COL_MEM_PER_NAME },
	{ .title = "runs", .kind = COL_RUNS, .rank = TABLE_LESSER },
};

static const struct bench_case case_scale = {
	.table = {
		.name = "scale",
		.title = "A bump over a very large tree",
		.note = "first touch: one stat, which tears all names down, "
			"or asks again for those on its way.  "
			"FORGET: inodes dropped by that one stat.  memory: of "
			"the kernel's slabs, above that at the start.",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
	},
	.help = "populate, one bump, complete teardown of a very large tree",
	.methods = "epoch",
	.run = run,
};
BENCH_CASE(case_scale);
