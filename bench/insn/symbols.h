/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols.h - which function is at an address of the guest?
 *
 * The guest writes down what only it knows: the addresses of the functions of
 * the kernel, of its modules and of compiled BPF programs, and where our own
 * process has mapped which files.  Driver and daemon have mapped the same files
 * there.
 */
#ifndef FUSE_EPOCH_INSN_SYMBOLS_H
#define FUSE_EPOCH_INSN_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * An output_fn (bench/lib/output.h): lines of /proc/kallsyms and of
 * /proc/self/maps.
 */
int symbols_write(FILE *out, const void *unused);

struct symbols;

/*
 * Reads such a file, and the symbols of the mapped files, which must be the
 * same here.  NULL with a sentence in err.
 */
struct symbols *symbols_load(const char *path, char *err, size_t err_len);
void symbols_free(struct symbols *syms);

/*
 * The function at addr, as "fuse_dentry_revalidate [fuse]", "fstatat64
 * [libc.so.6]", "dput"; "? [libc.so.6]", "?" where that isn't known.  Parts of
 * a function that the compiler has put elsewhere (dput.part.0) count as it.
 */
const char *symbols_name(const struct symbols *syms, uint64_t addr);

#endif
