/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols_table.h - what the readers of symbols share: where they put them.
 */
#ifndef FUSE_EPOCH_INSN_SYMBOLS_TABLE_H
#define FUSE_EPOCH_INSN_SYMBOLS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct symbols;

/* An empty one, which symbols_bad() complains of in err; NULL: no memory. */
struct symbols *symbols_new(char *err, size_t err_len);

/* A sentence into err.  Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int symbols_bad(struct symbols *syms,
						      const char *fmt, ...);

/*
 * Adds a function that is at [addr, end), or, with end 0, at addr and up to the
 * next; of a module or a file, or "".  Returns 0, or -EINVAL with a sentence.
 */
int symbols_add(struct symbols *syms, uint64_t addr, uint64_t end,
		const char *name, const char *module);

/*
 * After the last one, before any is looked for: so that looking for an address
 * doesn't mean looking at all that ended before it.  Returns as above.
 */
int symbols_find_borders(struct symbols *syms);

/* What of a file is mapped where. */
struct mapping {
	uint64_t from, to, offset;
	const char *path;
};

/* Adds the functions of the file that are in the mapping.  Returns as above. */
int symbols_add_elf(struct symbols *syms, const struct mapping *m);

#endif
