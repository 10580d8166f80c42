// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of hazards, and the page.
 */
#include "bench/hazards/page.h"
#include "bench/hazards/records.h"
#include "json_mutator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	json_t *records = json_array();
	struct fuzz_output o;
	char err[256] = "";

	if (records_read(records, fuzz_put(&file, data, size), err,
			 sizeof(err))) {
		fuzz_expect_error(err);
	} else {
		page_print(fuzz_output(&o), records, NULL, REPORT_TEXT);
		fuzz_expect_plain(&o);
		page_print(fuzz_output(&o), records, NULL, REPORT_MARKDOWN);
		fuzz_expect_plain(&o);
		page_print(fuzz_output(&o), records, NULL, REPORT_JSON);
		fuzz_expect_json(&o);
	}
	json_decref(records);
	return 0;
}
