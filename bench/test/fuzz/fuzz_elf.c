// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF files that are named in symbols as mapped.
 */
#include "bench/insn/symbols.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file elf, maps;
	char line[256], err[256] = "";
	struct symbols *syms;

	fuzz_put(&elf, data, size);
	snprintf(line, sizeof(line),
		 "1000-9000 r-xp 00000000 00:01 7 %s\n"
		 "400000-500000 r-xp 00001000 00:01 7 %s\n",
		 elf.path, elf.path);
	syms = symbols_load(fuzz_put(&maps, line, strlen(line)), err,
			    sizeof(err));
	if (!syms)
		fuzz_expect_error(err);
	for (uint64_t addr = 0; syms && addr < 0xa000; addr += 0x100)
		if (!text_is_plain(symbols_name(syms, addr)))
			abort();
	symbols_free(syms);
	return 0;
}
