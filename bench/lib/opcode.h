/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * opcode.h - FUSE request opcodes by number and by name.
 *
 * Numbers are those of <linux/fuse.h>.  The slot OPCODE_FORGET counts
 * forgotten nodes, also those inside BATCH_FORGET messages; the slot of
 * BATCH_FORGET counts the messages.
 */
#ifndef FUSE_EPOCH_LIB_OPCODE_H
#define FUSE_EPOCH_LIB_OPCODE_H

/* One more than the largest opcode counted; larger ones share slot 0. */
#define OPCODE_MAX 64

#define OPCODE_LOOKUP 1
#define OPCODE_FORGET 2
#define OPCODE_GETATTR 3
#define OPCODE_READLINK 5
#define OPCODE_STATFS 17
#define OPCODE_READDIRPLUS 44

/* Name of an opcode, "OTHER" for slot 0 and numbers without a name. */
const char *opcode_name(unsigned int opcode);

/* Opcode of a name (any case), -1 if there is none. */
int opcode_by_name(const char *name);

#endif
