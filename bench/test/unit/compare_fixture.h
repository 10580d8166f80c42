/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_fixture.h - made-up sessions, and what came of comparing them.
 */
#ifndef FUSE_EPOCH_COMPARE_FIXTURE_H
#define FUSE_EPOCH_COMPARE_FIXTURE_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/compare/compare.h"

#define RUNS 15

/* Costs around 1 ms times as much; side 0 to 2 take turns. */
static inline struct record make(const char *side, const char *method,
				 double times)
{
	struct record rec = { .run_id = "R1",
			      .case_name = "invalidate",
			      .shape = "wide",
			      .populate = "lookup",
			      .clock_unit = "ns",
			      .n = 10000,
			      .threads = 1,
			      .host = { .kernel = "6.18.0",
					.arch = "x86_64",
					.cpu_model = "A CPU",
					.fuse = "v8 0123",
					.bench = "v1",
					.cpu_cnt = 2,
					.mem_total_bytes = 24000000000 } };
	unsigned int at = side[0] == 'b' ? 0 : side[0] == 'a' ? 1 : 2;

	strcpy(rec.side, side);
	strcpy(rec.method, method);
	for (unsigned int i = 0; i < RUNS; i++) {
		struct sample sample = { .msg_cnt = 0 }, *s = &sample;
		double noise = 1 + 0.01 * sin(i * 2.39 + at);

		s->start_ns = (3 * i + at) * 1000000000ULL;
		s->phase[PHASE_REWALK].used = true;
		s->phase[PHASE_REWALK].cost = (uint64_t)(1e6 * noise);
		s->phase[PHASE_TOTAL].used = true;
		s->phase[PHASE_TOTAL].cost = (uint64_t)(1e6 * noise * times);
		s->phase[PHASE_RECLAIM].used = true; /* 0: no number */
		assert_int_equal(record_add_sample(&rec, s), 0);
	}
	return rec;
}

struct pack { /* one session */
	struct record rec[8];
	size_t cnt;
	struct comparison cmp;
	char err[512];
	int ret;
};

static inline void add(struct pack *p, struct record rec)
{
	p->rec[p->cnt++] = rec;
}

static inline struct pack session(double times)
{
	struct pack p = { .cnt = 0 };

	add(&p, make("base", "epoch", 1));
	add(&p, make("again", "epoch", 1));
	add(&p, make("new", "epoch", times));
	return p;
}

/* The same pack is both sides, unless there is another. */
static inline void compare(struct pack *p, struct pack *other,
			   const struct compare_options *opt)
{
	static const struct compare_options none;
	struct record_set a = { "A.jsonl", p->rec, p->cnt }, b = a;

	p->cmp = (struct comparison){ .rules = judge_defaults };
	if (other)
		b = (struct record_set){ "B.jsonl", other->rec, other->cnt };
	p->ret = compare_sets(&a, other ? &b : &a, opt ? opt : &none, &p->cmp,
			      p->err, sizeof(p->err));
}

static inline void done(struct pack *p)
{
	for (size_t i = 0; i < p->cnt; i++)
		record_free(&p->rec[i]);
	compare_free(&p->cmp);
}

static inline void refused(struct pack *p, const char *part)
{
	assert_int_equal(p->ret, -EINVAL);
	if (!strstr(p->err, part))
		assert_string_equal(p->err, part); /* shows both */
	compare_free(&p->cmp);
}

static inline void undecided(struct pack *p, const char *part)
{
	assert_int_equal(p->ret, 0);
	assert_int_equal(p->cmp.verdict_cnt[VERDICT_UNDECIDED], p->cmp.cnt);
	assert_true(p->cmp.cnt > 0);
	if (!strstr(p->cmp.cell[0].j.why, part))
		assert_string_equal(p->cmp.cell[0].j.why, part);
	compare_free(&p->cmp);
}

#endif
