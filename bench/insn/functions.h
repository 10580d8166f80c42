/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * functions.h - how much of an operation each function took, for people.
 */
#ifndef FUSE_EPOCH_INSN_FUNCTIONS_H
#define FUSE_EPOCH_INSN_FUNCTIONS_H

#include <jansson.h>
#include <stdint.h>

struct function_insns {
	const char *name; /* owned by the object */
	int64_t insns;
};

/*
 * An array of the members of an object { name: instructions, ... }, *cnt of
 * them: what is farthest from zero first, equals by name.  NULL and *cnt 0 if
 * there is no memory.  Free the array.
 */
struct function_insns *functions_sorted(json_t *functions, size_t *cnt);

/* Adds (sign 1) or takes away (-1) what is in functions, by name. */
void functions_add(json_t *sum, json_t *functions, int sign);

void functions_drop_zeros(json_t *sum);

#endif
