// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells of `epochbench workload`, their tables and the advice.
 */
#include "bench/advice/workload_record.h"
#include "bench/advice/workload_report.h"
#include "bench/lib/json_lines.h"
#include "json_mutator.h"

struct cells {
	struct workload_record *rec;
	size_t cnt;
};

static int add(const json_t *root, void *arg, char *err, size_t err_len)
{
	struct cells *c = arg;

	return workload_record_append(root, &c->rec, &c->cnt, err, err_len);
}

static void print(const struct cells *c, enum report_format format)
{
	const struct workload_report opt = { .format = format,
					     .verbose = true,
					     .rate_hz = c->cnt % 2 ? 7 : 0 };
	struct fuzz_output o;

	workload_report(fuzz_output(&o), c->rec, c->cnt, &opt);
	if (format == REPORT_JSON)
		fuzz_expect_json(&o);
	else
		fuzz_expect_plain(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	struct cells c = { .cnt = 0 };
	char err[256] = "";

	if (json_lines_read(fuzz_put(&file, data, size), add, &c, err,
			    sizeof(err))) {
		fuzz_expect_error(err);
	} else {
		print(&c, REPORT_TEXT);
		print(&c, REPORT_MARKDOWN);
		print(&c, REPORT_JSON);
	}
	workload_records_free(c.rec, c.cnt);
	return 0;
}
