/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * limits.h - what methods don't reach, and what they break.  Each is a bit of a
 * row of inval_methods, and has a name.
 */
#ifndef FUSE_EPOCH_INVAL_LIMITS_H
#define FUSE_EPOCH_INVAL_LIMITS_H

/*
 * What an access finds unchanged after a method: probes of the hazard
 * "semantics" that don't ask the daemon.
 */
enum inval_gap {
	GAP_NAME = 1 << 0,
	GAP_MISSING = 1 << 1,
	GAP_FSTAT = 1 << 2,
	GAP_READ = 1 << 3,
	GAP_PREAD = 1 << 4,
	GAP_READLINK = 1 << 5,
	GAP_GETDENTS = 1 << 6,
	/* Whoever has it open has it as it was, except after INVAL_INODE. */
	GAP_OPEN = GAP_FSTAT | GAP_PREAD | GAP_GETDENTS,
};

/* Hazards that a method has, by the name in `epochbench hazards --only`. */
enum inval_hazard {
	HAZARD_SUBMOUNT = 1 << 0,
	HAZARD_READDIRPLUS = 1 << 1,
	HAZARD_ATTRIBUTES = 1 << 2,
	HAZARD_DEADLOCK = 1 << 3,
	HAZARD_MEMORY = 1 << 4,
	HAZARD_OPEN = 1 << 5,
	HAZARD_LISTING = 1 << 6,
	HAZARD_OVERLAY = 1 << 7,
	HAZARD_BOUND = 1 << 8,
	HAZARD_WATCH = 1 << 9,
	HAZARD_CWD = 1 << 10,
	HAZARD_KEPT = 1 << 11,
	HAZARD_ERROR = 1 << 12,
	HAZARD_NUMBERS = 1 << 13,
	HAZARD_HANDLE = 1 << 14,
	HAZARD_DATA = 1 << 15,
	HAZARD_HERD = 1 << 16,
	HAZARD_TIMEOUT = 1 << 17,
};

/* What several methods have in common.  What follows from forgetting inodes: */
#define FORGET_IN_PART (HAZARD_NUMBERS | HAZARD_HANDLE | HAZARD_OVERLAY)
#define EPOCH_HAZARDS                                                          \
	(HAZARD_SUBMOUNT | HAZARD_OVERLAY | HAZARD_READDIRPLUS | HAZARD_KEPT | \
	 HAZARD_TIMEOUT)
#define EPOCH_IN_PART                                                     \
	(HAZARD_ATTRIBUTES | HAZARD_BOUND | HAZARD_CWD | HAZARD_DATA |    \
	 HAZARD_ERROR | HAZARD_HANDLE | HAZARD_LISTING | HAZARD_NUMBERS | \
	 HAZARD_OPEN | HAZARD_WATCH)
/* Of what takes names away at once. */
#define GONE_HAZARDS (HAZARD_SUBMOUNT | HAZARD_KEPT | HAZARD_TIMEOUT)
#define GONE_IN_PART                                                      \
	(FORGET_IN_PART | HAZARD_ATTRIBUTES | HAZARD_BOUND | HAZARD_CWD | \
	 HAZARD_DEADLOCK | HAZARD_ERROR | HAZARD_OPEN)
/* Of what drops what nobody uses. */
#define UNUSED_IN_PART \
	(FORGET_IN_PART | HAZARD_READDIRPLUS | HAZARD_TIMEOUT | HAZARD_WATCH)

/* Bit i's key in JSON, and what to call it; NULL: there are no more. */
const char *inval_gap_key(unsigned int i);
const char *inval_gap_text(unsigned int i);
const char *inval_hazard_key(unsigned int i);
const char *inval_hazard_text(unsigned int i);

#endif
