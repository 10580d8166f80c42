/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols_table.h - what the readers of symbols share: where they put them.
 */
#ifndef FUSE_EPOCH_INSN_SYMBOLS_TABLE_H
#define FUSE_EPOCH_INSN_SYMBOLS_TABLE_H

#include <stdint.h>

struct symbols;

/* A sentence into err.  Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int symbols_bad(struct symbols *syms,
						      const char *fmt, ...);

/*
 * Adds a function that is at [addr, end), or, with end 0, at addr and up to the
 * next; of a module or a file, or "".  Returns 0, or -EINVAL with a sentence.
 */
int symbols_add(struct symbols *syms, uint64_t addr, uint64_t end,
		const char *name, const char *module);

/* What of a file is mapped where. */
struct mapping {
	uint64_t from, to, offset;
	const char *path;
};

/* Adds the functions of the file that are in the mapping.  Returns as above. */
int symbols_add_elf(struct symbols *syms, const struct mapping *m);

#endif
