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
#include "bench/report/case_table.h"

struct bench; /* the running sample: bench.h */

struct bench_case {
	struct case_table table; /* its name, and how its records are shown */
	const char *help; /* one line, lower case, no full stop */
	const char *methods; /* default for -m: "all", "epoch", ... */
	/*
	 * Measures one sample on a freshly mounted file system.
	 * Returns 0, -errno or -ECANCELED; explains with bench_fail().
	 */
	int (*run)(struct bench *b, struct sample *s);
};

/* ELF section symbols: every registered case, in link order. */
extern const struct bench_case *const __start_bench_cases[];
extern const struct bench_case *const __stop_bench_cases[];

/* Registers it here, and its table for the report. */
#define BENCH_CASE(sym)                                   \
	CASE_TABLE(sym##_table, (sym).table);             \
	static const struct bench_case *const sym##_entry \
		__attribute__((used, section("bench_cases"))) = &(sym)

#endif
