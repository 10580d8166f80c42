// SPDX-License-Identifier: GPL-2.0-only
/*
 * How work grows, by what it can be counted by: comparisons of texts, as all that
 * belongs together is found by its names.  Whoever holds each against all makes four
 * times as many of twice the records; sorting makes a little more than twice as many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/compare/compare.h"
#include "bench/lib/mount_tables.h"
#include "bench/report/report.h"
#include "bench/report/report_trend.h"

#define N 500
#define MOST 2.6

static uint64_t compared_cnt;

static int compare_bytes(const char *a, const char *b, size_t len)
{
	const unsigned char *x = (const void *)a, *y = (const void *)b;

	compared_cnt++;
	for (; len && *x && *x == *y; len--) {
		x++;
		y++;
	}
	return len ? *x - *y : 0;
}

/* Those of the C library, for all of the program. */
int strcmp(const char *a, const char *b)
{
	return compare_bytes(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t len)
{
	return compare_bytes(a, b, len);
}

typedef void work_fn(struct record *recs, size_t cnt);

/* Records of a sample each, which differ by what differ() says of them. */
static uint64_t count(size_t cnt, work_fn *differ, work_fn *work)
{
	const struct sample sample = {
		.phase = { [PHASE_TOTAL] = { .used = 1, .cost = 1000 } },
	};
	struct record *recs = calloc(cnt, sizeof(*recs));

	assert_non_null(recs);
	for (size_t i = 0; i < cnt; i++) {
		recs[i] = (struct record){ .run_id = "R",
					   .case_name = "invalidate",
					   .method = "epoch",
					   .shape = "wide",
					   .populate = "lookup",
					   .clock_unit = "ns",
					   .n = 1000 };
		assert_int_equal(record_add_sample(&recs[i], &sample), 0);
	}
	differ(recs, cnt);
	compared_cnt = 0;
	work(recs, cnt);
	for (size_t i = 0; i < cnt; i++)
		record_free(&recs[i]);
	free(recs);
	return compared_cnt;
}

static void expect_growth(uint64_t few, uint64_t many)
{
	print_message("# %llu comparisons, and %llu of twice as many\n",
		      (unsigned long long)few, (unsigned long long)many);
	assert_true(few > N);
	assert_true((double)many < MOST * (double)few);
}

static void grows(work_fn *differ, work_fn *work)
{
	expect_growth(count(N, differ, work), count(2 * N, differ, work));
}

static void by_run(struct record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		snprintf(recs[i].run_id, sizeof(recs[i].run_id), "%zu", i);
}

static void by_size(struct record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		recs[i].n = 1000 + i;
}

static void by_method(struct record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		snprintf(recs[i].method, sizeof(recs[i].method), "m%zu", i);
}

static void by_host(struct record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++) {
		snprintf(recs[i].host.name, sizeof(recs[i].host.name), "h%zu",
			 i);
		snprintf(recs[i].host.fuse, sizeof(recs[i].host.fuse), "v%zu",
			 i);
	}
}

static void by_side(struct record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++) {
		const struct sample sample = { .start_ns = i };

		strcpy(recs[i].side, i % 2 ? "base" : "new");
		snprintf(recs[i].method, sizeof(recs[i].method), "m%zu", i / 2);
		while (recs[i].sample_cnt < 9)
			assert_int_equal(record_add_sample(&recs[i], &sample),
					 0);
	}
}

static FILE *nowhere(void)
{
	FILE *out = fopen("/dev/null", "w");

	assert_non_null(out);
	return out;
}

static void report(struct record *recs, size_t cnt)
{
	FILE *out = nowhere();

	assert_int_equal(report_print(out, recs, cnt, REPORT_MARKDOWN, false),
			 0);
	fclose(out);
}

static void trend(struct record *recs, size_t cnt)
{
	FILE *out = nowhere();

	assert_int_equal(report_trend(out, recs, cnt, REPORT_MARKDOWN), 0);
	fclose(out);
}

static void compare(struct record *recs, size_t cnt)
{
	static const struct compare_options opt;
	struct record_set set = { "A", recs, cnt };
	struct comparison cmp = { .rules = judge_defaults };
	char err[512];

	assert_int_equal(compare_sets(&set, &set, &opt, &cmp, err, sizeof(err)),
			 0);
	assert_int_equal(cmp.cnt, cnt / 2);
	compare_free(&cmp);
}

static void reports(void **state)
{
	(void)state;
	grows(by_run, report);
	grows(by_size, report);
	grows(by_host, report);
}

static void trends(void **state)
{
	(void)state;
	grows(by_method, trend);
}

static void comparisons(void **state)
{
	(void)state;
	grows(by_side, compare);
}

/* What `epochctl list` asks of each of cnt connections, a mount beneath each. */
static uint64_t list(size_t cnt)
{
	size_t len, fuse_cnt, beneath_cnt;
	char *text;
	FILE *f = open_memstream(&text, &len);
	struct mount **fuse;
	struct mount_tables *m;

	assert_non_null(f);
	fputs("21 1 8:1 / / rw - ext4 /dev/sda1 rw\n", f);
	for (size_t i = 0; i < cnt; i++)
		fprintf(f,
			"%zu 21 0:%zu / /f%zu rw - fuse.x src rw\n"
			"%zu %zu 0:%zu / /f%zu/a rw - tmpfs t rw\n",
			100 + 2 * i, 100 + 2 * i, i, 101 + 2 * i, 100 + 2 * i,
			101 + 2 * i, i);
	fclose(f);
	f = fmemopen(text, len, "r");
	assert_non_null(f);
	compared_cnt = 0;
	m = mount_tables_parse(f);
	assert_non_null(m);
	fuse = mount_tables_fuse(m, &fuse_cnt);
	assert_int_equal(fuse_cnt, cnt);
	for (size_t i = 0; i < cnt; i++) {
		free(mount_tables_beneath(m, fuse[i]->dev, &beneath_cnt));
		assert_int_equal(beneath_cnt, 1);
		assert_ptr_equal(mount_tables_over(m, fuse[i]->path), fuse[i]);
	}
	free(fuse);
	mount_tables_free(m);
	fclose(f);
	free(text);
	return compared_cnt;
}

static void mounts(void **state)
{
	(void)state;
	expect_growth(list(N), list(2 * N));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports),
		cmocka_unit_test(trends),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(mounts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
