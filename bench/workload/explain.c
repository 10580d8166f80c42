// SPDX-License-Identifier: GPL-2.0-only
#include "explain.h"

#include "bench/inval/inval.h"

const char *race_name(enum hazard_race race)
{
	static const char *const names[RACE_CNT] = {
		[RACE_READDIRPLUS] = "readdirplus race",
		[RACE_LISTING] = "readdirplus race, listing",
		[RACE_ATTRIBUTES] = "attribute race",
	};

	return names[race];
}

enum hazard_race race_of(const char *method, enum oracle_kind kind,
			 const struct passfs_reply *seen)
{
	int nr = inval_by_name(method);
	unsigned int has = nr < 0 ? 0
				  : inval_methods[nr].hazards |
					    inval_methods[nr].hazards_in_part;

	if (kind == ORACLE_KIND_CNT)
		return seen->readdirplus && has & HAZARD_LISTING ? RACE_LISTING
								 : RACE_NONE;
	if (seen->readdirplus && has & HAZARD_READDIRPLUS)
		return RACE_READDIRPLUS;
	/* Of a name that is another now, no attribute is to blame. */
	if (kind == ORACLE_REWRITE && seen->getattr && has & HAZARD_ATTRIBUTES)
		return RACE_ATTRIBUTES;
	return RACE_NONE;
}
