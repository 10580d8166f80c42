/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h - the types of the running kernel (BTF): what there is to attach to.
 */
#ifndef FUSE_EPOCH_TYPES_H
#define FUSE_EPOCH_TYPES_H

#include <stdbool.h>

struct btf;

/* Its own, and those of fuse where that is a module, else NULL. */
struct kernel_types {
	struct btf *vmlinux;
	struct btf *fuse;
};

/* Returns 0 or -errno; to be closed if 0. */
int types_open(struct kernel_types *types);
void types_close(struct kernel_types *types);

/* The number of arguments of a function, -1 if there is none; a tracepoint: 0. */
int types_args_of(const struct kernel_types *types, const char *function);

/* Does the connection have an epoch here? */
bool types_have_epochs(const struct kernel_types *types);

#endif
