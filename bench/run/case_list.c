// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_list.c - what does it cost to make a cached tree stale, if whoever comes
 * first lists it, as find and git status do?
 *
 * Nothing shows that all was stale, as it does in the case "invalidate": a
 * listing asks for the same whether its names are stale or not.
 */
#include "case.h"
#include "session.h"

static int run(struct bench *b, struct sample *s)
{
	int err = bench_populate(b, s);
	if (!err)
		err = bench_prove_warm(b, s);
	if (!err)
		err = bench_notify(b, s, false);
	if (!err)
		err = bench_list(b, s);
	if (!err)
		err = bench_first_touch(b, s);
	if (!err)
		err = bench_rewalk(b, s);
	if (err)
		return err;
	bench_total(s);
	return bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY },
	{ .title = "list", .kind = COL_MEDIAN, .phase = PHASE_LIST },
	{ .title = "re-walk", .kind = COL_MEDIAN, .phase = PHASE_REWALK },
	{ .title = "reclaim",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_RECLAIM,
	  .rank = TABLE_LEAST },
	{ .title = "total", .kind = COL_MEDIAN, .phase = PHASE_TOTAL },
	{ .title = "±", .kind = COL_MAD_PCT, .phase = PHASE_TOTAL },
	{ .title = "vs none", .kind = COL_VS_NONE, .phase = PHASE_TOTAL },
	{ .title = "vs rival",
	  .kind = COL_VS_BEST,
	  .phase = PHASE_TOTAL,
	  .rank = TABLE_LEAST },
	{ .title = "LOOKUP",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_LOOKUP },
	{ .title = "READDIRPLUS",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_READDIRPLUS },
	{ .title = "FORGET",
	  .kind = COL_OPS,
	  .phase = PHASE_TOTAL,
	  .opcode = OPCODE_FORGET,
	  .rank = TABLE_LEAST },
	{ .title = "runs", .kind = COL_RUNS, .rank = TABLE_LESSER },
};

static const struct bench_case case_list = {
	.table = {
		.name = "list",
		.title = "Invalidate a cached tree, then list it and walk it",
		.note = "list: all directories are read.  re-walk: a stat of "
			"each name.  reclaim: until the FORGETs had arrived.  "
			"total: the sum, until all is coherent.  vs none, vs "
			"rival: the total against the control, and against "
			"the best other method that makes the same stale "
			"(names, or only attributes).",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
		.row_per_method = true,
	},
	.help = "make a cached tree stale, list its directories, walk it",
	.methods = "none,epoch,inval_entry,expire_entry",
	.run = run,
};
BENCH_CASE(case_list);
