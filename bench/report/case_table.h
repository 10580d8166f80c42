/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * case_table.h - which table the records of a case become.
 *
 * A case registers its table here.  The report finds the table by the name that
 * the records have, and knows no case.
 */
#ifndef FUSE_EPOCH_REPORT_CASE_TABLE_H
#define FUSE_EPOCH_REPORT_CASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/lib/table.h"
#include "bench/record/record.h"

enum column_kind {
	COL_METHOD, /* label: method */
	COL_SHAPE, /* label: shape */
	COL_N, /* label: number of names */
	COL_POPULATE, /* label: how it was populated */
	COL_FUSE, /* label: variant of fuse.ko, or else the kernel */
	COL_HOST, /* label: name of the host */
	COL_SIDE, /* label: side of a comparison */
	COL_RUNS, /* number of samples */
	COL_MEDIAN, /* median cost of .phase */
	COL_MIN, /* minimum cost of .phase */
	COL_MAD_PCT, /* MAD of .phase in % of its median */
	COL_PER_MSG, /* median cost of .phase per notification */
	COL_RATE, /* names per second in .phase, from the median */
	COL_DAEMON_SHARE, /* daemon's part of the CPU time in .phase */
	COL_OPS, /* median count of .opcode in .phase */
	COL_MSGS, /* notifications written */
	COL_VS_NONE, /* paired ratio of .phase against method "none" */
	COL_VS_BEST, /* ... against the best other method of the same guarantee */
	COL_VS_PHASE, /* paired ratio of .phase to .other in one sample */
	COL_MEM_PEAK, /* peak memory */
	COL_MEM_PER_NAME, /* peak memory / n */
	/* Of a daemon that isn't ours: */
	COL_ASKED, /* names that the notify has made the kernel ask for again */
	COL_SEEN, /* part of the changes behind that were seen after it */
	COL_RENUMBERED, /* names with another st_ino */
	COL_DAEMON_START, /* its memory when it was mounted ... */
	COL_DAEMON_PEAK, /* ... and the most that it had */
	COL_BREAKS, /* label: what the method broke */
};

struct column {
	const char *title;
	enum column_kind kind;
	enum phase phase;
	enum phase other;
	unsigned int opcode;
	enum table_rank rank;
};

struct case_table {
	const char *name; /* of the case */
	const char *title; /* heading of the table */
	const char *note; /* printed below it, may be NULL */
	const struct column *columns;
	size_t column_cnt;
	bool row_per_method; /* else one table over shapes and sizes */
};

/* Registers a table, by a pointer of that name in an ELF section. */
#define CASE_TABLE(pointer, table)                    \
	static const struct case_table *const pointer \
		__attribute__((used, section("case_tables"))) = &(table)

/* NULL if there is none: a case of another version. */
const struct case_table *case_table_by_name(const char *name);

#endif
