// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_notify.c - do our notify loops slow the rivals down?
 *
 * The same messages are written twice to the same tree, which is warm each
 * time: once by the loop that the methods use, and once by a loop that finds
 * them ready in memory and only calls write().  The order alternates, so that
 * neither loop profits from coming second.
 */
#include "case.h"
#include "session.h"

static int warm(struct bench *b, struct sample *s)
{
	int err = bench_populate(b, s);

	return err ? err : bench_prove_warm(b, s);
}

static int run(struct bench *b, struct sample *s)
{
	bool bare = b->round & 1;
	int err = warm(b, s);

	if (!err)
		err = bench_notify(b, s, bare);
	if (!err)
		err = warm(b, s);
	if (!err)
		err = bench_notify(b, s, !bare);
	return err ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "method", .kind = COL_METHOD },
	{ .title = "messages", .kind = COL_MSGS },
	{ .title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY },
	{ .title = "±",
	  .kind = COL_MAD_PCT,
	  .phase = PHASE_NOTIFY,
	  .rank = TABLE_LESSER },
	{ .title = "a message", .kind = COL_PER_MSG, .phase = PHASE_NOTIFY },
	{ .title = "bare write",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_BARE_WRITE,
	  .rank = TABLE_LESSER },
	{ .title = "±",
	  .kind = COL_MAD_PCT,
	  .phase = PHASE_BARE_WRITE,
	  .rank = TABLE_LEAST },
	{ .title = "notify vs bare",
	  .kind = COL_VS_PHASE,
	  .phase = PHASE_NOTIFY,
	  .other = PHASE_BARE_WRITE },
	{ .title = "runs", .kind = COL_RUNS },
};

static const struct bench_case case_notify = {
	.table = {
		.name = "notify",
		.title = "Notify loop against a bare write() loop",
		.note = "bare write: the same messages, built before the "
			"clock starts.",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
		.row_per_method = true,
	},
	.help = "our notify loops against a bare write() of the same messages",
	.methods = "inval_inode_attr,inval_inode,inval_entry,expire_entry,"
		   "delete,prune",
	.run = run,
};
BENCH_CASE(case_notify);
