// SPDX-License-Identifier: GPL-2.0-only
/*
 * case_populate.c - how fast does the cache fill, and how much is the daemon?
 */
#include "case.h"
#include "session.h"

static int run(struct bench *b, struct sample *s)
{
	int err = bench_take_ballast(b);

	if (!err)
		err = bench_populate(b, s);
	if (!err)
		err = bench_prove_warm(b, s);
	return err ? err : bench_umount(b, s);
}

static const struct column columns[] = {
	{ .title = "shape", .kind = COL_SHAPE },
	{ .title = "names", .kind = COL_N },
	{ .title = "populate", .kind = COL_MEDIAN, .phase = PHASE_POPULATE },
	{ .title = "±",
	  .kind = COL_MAD_PCT,
	  .phase = PHASE_POPULATE,
	  .rank = TABLE_LESSER },
	{ .title = "names/s", .kind = COL_RATE, .phase = PHASE_POPULATE },
	{ .title = "daemon's CPU",
	  .kind = COL_DAEMON_SHARE,
	  .phase = PHASE_POPULATE,
	  .rank = TABLE_LEAST },
	{ .title = "warm walk", .kind = COL_MEDIAN, .phase = PHASE_WARM_WALK },
	{ .title = "names/s", .kind = COL_RATE, .phase = PHASE_WARM_WALK },
	{ .title = "umount",
	  .kind = COL_MEDIAN,
	  .phase = PHASE_UMOUNT,
	  .rank = TABLE_LESSER },
	{ .title = "memory", .kind = COL_MEM_PEAK },
	{ .title = "per name", .kind = COL_MEM_PER_NAME },
	{ .title = "runs", .kind = COL_RUNS, .rank = TABLE_LESSER },
};

static const struct bench_case case_populate = {
	.table = {
		.name = "populate",
		.title = "Fill the dentry cache",
		.note = "daemon's CPU: its part of the CPU time that both "
			"processes took.  warm walk: a stat of each name, "
			"without a request.  memory: of the kernel's slabs, "
			"above that at the start.",
		.columns = columns,
		.column_cnt = sizeof(columns) / sizeof(columns[0]),
	},
	.help = "fill the cache: speed, the daemon's share, memory per name",
	.methods = "none",
	.run = run,
};
BENCH_CASE(case_populate);
