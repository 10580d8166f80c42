// SPDX-License-Identifier: GPL-2.0-only
/*
 * What strace wrote of a daemon, and what is said of it.
 */
#include "bench/wire/strace.h"
#include "bench/wire/wire.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	struct fuzz_output o = { 0 };
	struct wire *w = wire_new();
	json_t *json;

	if (!w)
		abort();
	strace_read(fuzz_put(&file, data, size), wire_take, w);
	json = wire_json(w);
	json_dumpf(json, fuzz_output(&o), JSON_COMPACT);
	json_decref(json);
	wire_free(w);
	fuzz_expect_json(&o);
	return 0;
}
