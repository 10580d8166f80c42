/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain.h - which known hazard makes an answer stale?  Pure.
 */
#ifndef FUSE_EPOCH_WORKLOAD_EXPLAIN_H
#define FUSE_EPOCH_WORKLOAD_EXPLAIN_H

#include "oracle.h"
#include "bench/fs/passfs.h"

enum hazard_race {
	RACE_NONE, /* no hazard that we know of: a wrong answer */
	RACE_READDIRPLUS,
	RACE_LISTING,
	RACE_ATTRIBUTES,
	RACE_CNT
};

/* "readdirplus race", ...: in the records; NULL for RACE_NONE. */
const char *race_name(enum hazard_race race);

/*
 * Of a stale answer about a change of that kind (ORACLE_KIND_CNT: a listing)
 * that the next notification made good; seen: replies that were late.  Only what
 * the method is known to have (results/hazards.md) excuses it.
 */
enum hazard_race race_of(const char *method, enum oracle_kind kind,
			 const struct passfs_reply *seen);

#endif
