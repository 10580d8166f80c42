// SPDX-License-Identifier: GPL-2.0-only
/*
 * limits.c - what methods don't cover.
 */
#include <string.h>

#include "bench/advice/choose.h"

/* Whoever has it open has it as it was, except after INVAL_INODE (0, 0). */
#define GAP_OPEN (GAP_FSTAT | GAP_PREAD | GAP_GETDENTS)
#define EPOCH_HAZARDS                                               \
	(ADVISE_SUBMOUNT | ADVISE_READDIRPLUS | ADVISE_ATTRIBUTES | \
	 ADVISE_OPEN | ADVISE_LISTING)

static const struct advise_method methods[] = {
	{ "epoch", GAP_OPEN, EPOCH_HAZARDS | ADVISE_MEMORY },
	{ "epoch_shrink_sync", GAP_OPEN, EPOCH_HAZARDS },
	{ "epoch_shrink", GAP_OPEN, EPOCH_HAZARDS },
	{ "inval_inode_attr",
	  GAP_NAME | GAP_MISSING | GAP_READ | GAP_PREAD | GAP_READLINK |
		  GAP_GETDENTS,
	  0 },
	{ "inval_inode", GAP_NAME | GAP_MISSING, ADVISE_DEADLOCK },
	{ "inval_entry", GAP_OPEN,
	  ADVISE_SUBMOUNT | ADVISE_ATTRIBUTES | ADVISE_DEADLOCK | ADVISE_OPEN },
	{ "inval_entry_top", GAP_OPEN,
	  ADVISE_SUBMOUNT | ADVISE_READDIRPLUS | ADVISE_LISTING },
	{ "expire_entry", GAP_OPEN | GAP_READ | GAP_READLINK,
	  ADVISE_ATTRIBUTES | ADVISE_DEADLOCK },
	{ "delete", GAP_OPEN,
	  ADVISE_SUBMOUNT | ADVISE_ATTRIBUTES | ADVISE_DEADLOCK | ADVISE_OPEN },
	{ "prune", GAP_OPEN | GAP_MISSING, ADVISE_READDIRPLUS },
	{ "drop_caches", GAP_OPEN, 0 },
	{ "remount", GAP_OPEN, ADVISE_READDIRPLUS },
};

/* Keys of gaps are names of probes. */
static const char *const gaps[][2] = {
	{ "name", "names" },
	{ "missing name", "names that don't exist" },
	{ "fstat", "attributes of open files" },
	{ "open, read", "cached data" },
	{ "pread", "data of open files" },
	{ "readlink", "targets of symlinks" },
	{ "getdents", "listings of open directories" },
};

static const char *const hazard_names[][2] = {
	{ "submount", "submounts are detached" },
	{ "readdirplus", "READDIRPLUS race" },
	{ "attributes", "attribute race" },
	{ "deadlock", "deadlocks in handlers" },
	{ "memory", "memory is held until the next access" },
	{ "open", "files in use look deleted" },
	{ "listing", "READDIRPLUS race in cached listings" },
};

const struct advise_method *advise_method_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

const char *advise_gap_key(unsigned int i)
{
	return i < sizeof(gaps) / sizeof(gaps[0]) ? gaps[i][0] : NULL;
}

const char *advise_gap_text(unsigned int i)
{
	return i < sizeof(gaps) / sizeof(gaps[0]) ? gaps[i][1] : NULL;
}

const char *advise_hazard_key(unsigned int i)
{
	return i < sizeof(hazard_names) / sizeof(hazard_names[0])
		       ? hazard_names[i][0]
		       : NULL;
}

const char *advise_hazard_text(unsigned int i)
{
	return i < sizeof(hazard_names) / sizeof(hazard_names[0])
		       ? hazard_names[i][1]
		       : NULL;
}
