/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workload_fixture.h - cells by hand, for the tests of their report.
 */
#ifndef FUSE_EPOCH_WORKLOAD_FIXTURE_H
#define FUSE_EPOCH_WORKLOAD_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/advice/workload_record.h"

#define CNT(a) (sizeof(a) / sizeof((a)[0]))
#define MS 1000000ULL

static struct workload_record recs[200];
static size_t rec_cnt;

static inline void close_to(double got, double want)
{
	assert_float_equal(got, want, 1e-9);
}

/* Of ten seconds, with an event whenever one was due and a stall of 1 ms. */
static inline struct workload_record *add(const char *workload,
					  const char *method, const char *scope,
					  double rate_hz, uint64_t round,
					  uint64_t per_s)
{
	struct workload_record *rec = &recs[rec_cnt++];

	assert_true(rec_cnt <= CNT(recs));
	*rec = (struct workload_record){ .run_id = "R1",
					 .rate_hz = rate_hz,
					 .round = round,
					 .wall_ns = 10000 * MS,
					 .op_cnt = 10 * per_s,
					 .walker_op_cnt = 5000,
					 .walker.max_ns = MS,
					 .events.cnt = (uint64_t)(10 * rate_hz),
					 .events.due_cnt =
						 (uint64_t)(10 * rate_hz),
					 .requests = json_object(),
					 .explained = json_object() };
	strcpy(rec->workload, workload);
	strcpy(rec->method, method);
	strcpy(rec->scope, scope);
	return rec;
}

/* A round of each: per_s[i] operations per second in round i. */
static inline void add_rounds(const char *method, const char *scope,
			      double rate_hz, const uint64_t *per_s, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		add("find", method, scope, rate_hz, i, per_s[i]);
}

static inline int empty(void **state)
{
	(void)state;
	for (size_t i = 0; i < rec_cnt; i++) {
		json_decref(recs[i].requests);
		json_decref(recs[i].explained);
	}
	rec_cnt = 0;
	return 0;
}

#endif
