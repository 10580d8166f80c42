// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles of QEMU's plugin, with records and symbols that are good.
 */
#include "bench/insn/profile.h"
#include "fuzz.h"

static const char symbols[] = "ffffffff81000000 T first\n"
			      "ffffffff81000100 T second\n"
			      "ffffffffa0000000 t third\t[fuse]\n";

/* A hit of 3 instructions and a miss of 10; a bump of 5. */
static const struct sample samples[2] = {
	{ .phase = { [PHASE_HIT] = { .used = true, .cost = 3 },
		     [PHASE_MISS] = { .used = true, .cost = 10 } } },
	{ .phase = { [PHASE_NOTIFY] = { .used = true, .cost = 5 } } },
};
static struct record records[2] = {
	{ .case_name = "operation",
	  .method = "none",
	  .clock_unit = "insns" },
	{ .case_name = "operation",
	  .method = "epoch",
	  .clock_unit = "insns" },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file raw, symbol_file;
	char err[256] = "";
	json_t *all;

	for (int i = 0; i < 2 && !symbol_file.path[0]; i++)
		if (record_add_sample(&records[i], &samples[i]))
			abort();
	if (!symbol_file.path[0])
		fuzz_put(&symbol_file, symbols, sizeof(symbols) - 1);
	all = profile_make(records, 2, fuzz_put(&raw, data, size),
			   symbol_file.path, err, sizeof(err));
	if (!all)
		fuzz_expect_error(err);
	json_decref(all);
	return 0;
}
