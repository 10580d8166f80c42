/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_fixture.h - a case and records of it, for the tests of reports.
 */
#ifndef FUSE_EPOCH_REPORT_FIXTURE_H
#define FUSE_EPOCH_REPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/report/case_table.h"
#include "bench/report/report.h"

static const struct column columns[] = {
	{.title = "method", .kind = COL_METHOD},
	{.title = "notify", .kind = COL_MEDIAN, .phase = PHASE_NOTIFY},
	{.title = "total", .kind = COL_MEDIAN, .phase = PHASE_TOTAL},
	{.title = "±", .kind = COL_MAD_PCT, .phase = PHASE_TOTAL},
	{.title = "vs none", .kind = COL_VS_NONE, .phase = PHASE_TOTAL},
	{.title = "vs best", .kind = COL_VS_BEST, .phase = PHASE_TOTAL},
	{.title = "LOOKUP",
	 .kind = COL_OPS,
	 .phase = PHASE_TOTAL,
	 .opcode = OPCODE_LOOKUP},
};

static const struct case_table selftest = {
	.name = "selftest",
	.title = "Self-test",
	.note = "a note",
	.columns = columns,
	.column_cnt = sizeof(columns) / sizeof(columns[0]),
	.row_per_method = true,
};
CASE_TABLE(selftest_table, selftest);

/* A record of three rounds: total 100, 110, 120 times total_us. */
static inline struct record make(const char *bcase, const char *method,
				 const char *guarantee, uint64_t total_us)
{
	struct record rec = {.run_id = "R1",
			     .shape = "wide",
			     .populate = "lookup",
			     .clock_unit = "ns",
			     .n = 100000,
			     .threads = 1,
			     .host = {.kernel = "6.18.0",
				      .arch = "x86_64",
				      .cpu_model = "A CPU",
				      .virt = "kvm",
				      .libfuse = "3.14.0",
				      .bench = "v1",
				      .cpus = "1",
				      .fuse_minor = 44,
				      .cpu_cnt = 2,
				      .mem_total_bytes = 24000000000,
				      .mem_available_bytes = 20000000000,
				      .load1 = 0.25}};

	strcpy(rec.case_name, bcase);
	strcpy(rec.method, method);
	strcpy(rec.guarantee, guarantee);
	for (unsigned int i = 0; i < 3; i++) {
		struct sample sample = { .msg_cnt = 0 }, *s = &sample;

		s->phase[PHASE_NOTIFY].used = true;
		s->phase[PHASE_NOTIFY].cost = 2300;
		s->phase[PHASE_REWALK].used = true;
		s->phase[PHASE_REWALK].op_cnt[OPCODE_LOOKUP] = 100000;
		s->phase[PHASE_FIRST_TOUCH].op_cnt[OPCODE_LOOKUP] = 1;
		s->phase[PHASE_TOTAL].used = true;
		s->phase[PHASE_TOTAL].op_cnt[OPCODE_LOOKUP] = 100001;
		s->phase[PHASE_TOTAL].cost = (100 + 10 * i) * 1000 * total_us;
		assert_int_equal(record_add_sample(&rec, s), 0);
	}
	return rec;
}

/* What report_print() writes about the records, which it frees. */
static inline char *print(struct record *recs, size_t cnt,
			  enum report_format format, bool verbose)
{
	/* Static, or gcc takes what fclose() stores for the address of it. */
	static char *text;
	static size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(report_print(f, recs, cnt, format, verbose), 0);
	fclose(f);
	for (size_t i = 0; i < cnt; i++)
		record_free(&recs[i]);
	return text;
}

static inline void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		assert_string_equal(text, part); /* shows both */
}

static inline void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}

#endif
