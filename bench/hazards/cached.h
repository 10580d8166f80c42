/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cached.h - what the kernel keeps of an inode besides its attributes.
 */
#ifndef FUSE_EPOCH_HAZARDS_CACHED_H
#define FUSE_EPOCH_HAZARDS_CACHED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cached {
	const char *name;
	mode_t mode; /* of what has it */
	void (*use)(int dir, uint64_t slot);
	uint32_t opcode; /* what that sends if it isn't cached */
};

enum { CACHED_KINDS = 3 };

extern const struct cached cached_kinds[CACHED_KINDS];

/* For stage_start(). */
void cached_configure(void);
/* Another name in the directory, of a node that has it. */
uint64_t cached_add(const struct cached *k);
/* Uses it by its name below that descriptor: does it come from the server? */
bool cached_asks(const struct cached *k, int dir, uint64_t slot);
/* Has it cached; ends the probe if it can't be. */
void cached_warm_up(const struct cached *k, int dir, uint64_t slot);

#endif
