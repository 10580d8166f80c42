// SPDX-License-Identifier: GPL-2.0-only
/*
 * limits.c - the names of what methods don't reach, and of what they break.
 */
#include "limits.h"

#include <stddef.h>

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
	{ "overlay", "overlays above fail or show the old" },
	{ "bound", "a bound file can be mounted no more" },
	{ "watch", "watches end" },
	{ "cwd", "getcwd fails during a LOOKUP" },
	{ "kept", "inodes in use keep old pages, targets, ACLs" },
	{ "error", "an unanswered first walk detaches" },
	{ "numbers", "unchanged files get new numbers" },
	{ "handle", "file handles are old or stale" },
	{ "data", "pages and targets stay after READDIRPLUS" },
	{ "herd", "each of many who come at once asks" },
	{ "timeout", "renumbers where no name is ever valid" },
};

const char *inval_gap_key(unsigned int i)
{
	return i < sizeof(gaps) / sizeof(gaps[0]) ? gaps[i][0] : NULL;
}

const char *inval_gap_text(unsigned int i)
{
	return i < sizeof(gaps) / sizeof(gaps[0]) ? gaps[i][1] : NULL;
}

const char *inval_hazard_key(unsigned int i)
{
	return i < sizeof(hazard_names) / sizeof(hazard_names[0])
		       ? hazard_names[i][0]
		       : NULL;
}

const char *inval_hazard_text(unsigned int i)
{
	return i < sizeof(hazard_names) / sizeof(hazard_names[0])
		       ? hazard_names[i][1]
		       : NULL;
}
