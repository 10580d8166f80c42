// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_invalidate.c - what does it cost to make a cached tree stale, and who
 * pays?
 */
#include <errno.h>

#include "case.h"
#include "session.h"

/*
 * A method that left something fresh would look good: the walk after it must
 * have asked for each name, or for the attributes of each inode.
 */
static int check_stale(struct bench *b, const struct sample *s)
{
	const uint64_t *op_cnt = s->phase[PHASE_TOTAL].op_cnt;
	uint64_t want = 0, got = 0;

	if (b->method->guarantee == GUARANTEE_NAMES) {
		want = b->tree.n;
		got = op_cnt[OPCODE_LOOKUP];
	} else if (b->method->guarantee == GUARANTEE_ATTRS) {
		want = tree_inode_cnt(&b->tree);
		got = op_cnt[OPCODE_GETATTR];
	}
	if (got >= want)
		return 0;
	return bench_fail(b, -EIO,
			  "not all became stale: %llu requests, %llu expected",
			  (unsigned long long)got, (unsigned long long)want);
}

static int run(struct bench *b, struct sample *s)
{
	int err = bench_populate(b, s);
	if (!err)
		err = bench_prove_warm(b, s);
	if (!err)
		err = bench_notify(b, s, false);
	if (!err)
		err = bench_first_touch(b, s);
	if (!err)
		err = bench_rewalk(b, s);
	if (err)
		return err;
	bench_total(s);
	err = check_stale(b, s);
	return err ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY },
	{ .title = "first touch",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_FIRST_TOUCH },
	{ .title = "re-walk", .kind = COL_MEDIAN, .phase = PHASE_REWALK },
	{ .title = "reclaim",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_RECLAIM,
	  .rank = TABLE_LEAST },
	{ .title = "total", .kind = COL_MEDIAN, .phase = PHASE_TOTAL },
	{ .title = "±", .kind = COL_MAD_PCT, .phase = PHASE_TOTAL },
	{ .title = "min",
	  .kind = COL_MIN,
	  .phase = PHASE_TOTAL,
	  .rank = TABLE_LEAST },
	{ .title = "vs none", .kind = COL_VS_NONE, .phase = PHASE_TOTAL },
	{ .title = "vs rival",
	  .kind = COL_VS_BEST,
	  .phase = PHASE_TOTAL,
	  .rank = TABLE_LEAST },
	{ .title = "LOOKUP",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_LOOKUP },
	{ .title = "GETATTR",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_GETATTR,
	  .rank = TABLE_LEAST },
	{ .title = "FORGET",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_FORGET,
	  .rank = TABLE_LEAST },
	{ .title = "runs", .kind = COL_RUNS, .rank = TABLE_LESSER },
};

static const struct bench_case case_invalidate = {
	.table = {
		.name = "invalidate",
		.title = "Invalidate a cached tree, then walk it again",
		.note = "notify: the daemon writes.  first touch: one stat, "
			"by whoever comes first.  re-walk: a stat of each "
			"other name.  reclaim: until the FORGETs had "
			"arrived.  total: the sum, until all is coherent.  vs "
			"none, vs rival: the total against the control, and "
			"against the best other method that makes the same "
			"stale (names, or only attributes).",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
		.row_per_method = true,
	},
	.help = "make a cached tree stale, walk it again until it is coherent",
	.methods = "all",
	.run = run,
};
BENCH_CASE(case_invalidate);
