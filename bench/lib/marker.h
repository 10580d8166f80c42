/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * marker.h - instructions that do nothing.  With them a program tells the
 * profiler in QEMU (bench/insn/plugin/profiler.c) where a measured operation
 * begins and ends.
 *
 * Each is a "nopl disp32(%rax)", which accesses nothing and is one instruction
 * everywhere.  A compiler pads only with a disp32 of 0.  This is for x86-64;
 * elsewhere markers are empty, because nothing counts instructions there.
 */
#ifndef FUSE_EPOCH_LIB_MARKER_H
#define FUSE_EPOCH_LIB_MARKER_H

#include <stdint.h>

/* disp32: the magic, with one of these as its lowest byte. */
#define MARKER_MAGIC 0x66457000
#define MARKER_BEGIN 1
#define MARKER_END 2
#define MARKER_ZERO 3 /* a bit of the operation's number, the highest first */
#define MARKER_ONE 4

#define MARKER_STR_(x) #x
#define MARKER_STR(x) MARKER_STR_(x)
#define MARKER_INSN(nr) "nopl " MARKER_STR(MARKER_MAGIC + nr) "(%%rax)\n\t"

/* Operations have numbers of this many bits; the lowest of them are a phase. */
#define MARKER_OP_BITS 8
#define MARKER_PHASE_BITS 4
#define MARKER_OP_NONE 0xfe /* one that nobody is interested in */
#define MARKER_OP_CLOCK 0xff /* clock.c tries its clock */

/*
 * Says which operation follows.  Bit by bit, because a marker carries nothing
 * of its own, and the profiler can't read registers.
 */
static inline void marker_select(unsigned int op)
{
#ifdef __x86_64__
	for (int bit = MARKER_OP_BITS - 1; bit >= 0; bit--)
		if (op >> bit & 1)
			__asm__ volatile(MARKER_INSN(MARKER_ONE)::: "memory");
		else
			__asm__ volatile(MARKER_INSN(MARKER_ZERO)::: "memory");
#else
	(void)op;
#endif
}

#endif
