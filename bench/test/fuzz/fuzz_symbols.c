// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of /proc/kallsyms and /proc/self/maps, and looking in them.
 */
#include "bench/insn/symbols.h"
#include "fuzz.h"

static void look(const struct symbols *syms)
{
	static const uint64_t addrs[] = { 0,
					  1,
					  0x400000,
					  0x555555554000,
					  0x7fffffffffffffff,
					  0x8000000000000000,
					  0xffffffff81000000,
					  0xffffffffa0000001,
					  UINT64_MAX };

	for (size_t i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++)
		if (!text_is_plain(symbols_name(syms, addrs[i])))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	char err[256] = "";
	struct symbols *syms =
		symbols_load(fuzz_put(&file, data, size), err, sizeof(err));

	if (syms)
		look(syms);
	else
		fuzz_expect_error(err);
	symbols_free(syms);
	return 0;
}
