/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * case.h - what a benchmark case is.
 *
 * A case is a const struct, defined in its own case_*.c and registered there
 * with BENCH_CASE(); nothing else needs to know it.
 */
#ifndef FUSE_EPOCH_RUN_CASE_H
#define FUSE_EPOCH_RUN_CASE_H

#include "bench/record/record.h"
#include "bench/report/report.h"

struct bench; /* the running sample: bench.h */

struct bench_case {
	const char *name;
	const char *help; /* one line, lower case, no full stop */
	const char *methods; /* default for -m: "all", "epoch", ... */
	const char *title; /* heading of its table */
	const char *note; /* printed below its table, may be NULL */
	/*
	 * Measures one sample on a freshly mounted file system.
	 * Returns 0, -errno or -ECANCELED; explains with bench_fail().
	 */
	int (*run)(struct bench *b, struct sample *s);
	const struct column *columns; /* of the table, by report */
	size_t column_cnt;
	bool row_per_method; /* else one table over shapes and sizes */
};

/* ELF section symbols: every registered case, in link order. */
extern const struct bench_case *const __start_bench_cases[];
extern const struct bench_case *const __stop_bench_cases[];

#define BENCH_CASE(sym)                                   \
	static const struct bench_case *const sym##_entry \
		__attribute__((used, section("bench_cases"))) = &(sym)

#define bench_for_each_case(pos)                                        \
	for (const struct bench_case *const *pos = __start_bench_cases; \
	     pos < __stop_bench_cases; pos++)

/* Case of that name, or NULL. */
const struct bench_case *bench_case_by_name(const char *name);

#endif
