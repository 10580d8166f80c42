// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of `epochbench run`, and all tables that are made of them.
 */
#include "bench/record/record.h"
#include "bench/report/report.h"
#include "bench/report/report_trend.h"
#include "json_mutator.h"

static void print(const struct record *recs, size_t cnt)
{
	struct fuzz_output o;

	report_print(fuzz_output(&o), recs, cnt, REPORT_TEXT, true);
	fuzz_expect_plain(&o);
	report_print(fuzz_output(&o), recs, cnt, REPORT_MARKDOWN, true);
	fuzz_expect_plain(&o);
	report_print(fuzz_output(&o), recs, cnt, REPORT_JSON, true);
	fuzz_expect_json(&o);
	report_trend(fuzz_output(&o), recs, cnt, REPORT_TEXT);
	fuzz_expect_plain(&o);
	report_trend(fuzz_output(&o), recs, cnt, REPORT_JSON);
	fuzz_expect_json(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	struct record *recs = NULL;
	char err[256] = "";
	size_t cnt = 0;

	if (record_read(fuzz_put(&file, data, size), &recs, &cnt, err,
			sizeof(err)))
		fuzz_expect_error(err);
	else
		print(recs, cnt);
	for (size_t i = 0; i < cnt; i++)
		record_free(&recs[i]);
	free(recs);
	return 0;
}
