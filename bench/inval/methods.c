// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "methods.h"

const char *method_unfit(const struct inval_method *m)
{
	static const struct {
		const char *name, *why;
	} others[] = {
		{ "none", "is the control, which is always measured" },
		{ "inval_entry_top",
		  "needs one directory that all names are below" },
		{ "delete", "tells the kernel that files which exist don't" },
		{ "prune", "leaves names that are in use, or don't exist, as "
			   "they were" },
		{ "remount", "leaves names that are in use as they were" },
		{ "drop_caches", "leaves names that are in use as they were, "
				 "and drops those of the whole machine" },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(m->name, others[i].name))
			return others[i].why;
	return m->build_name ? NULL : "has no message about a single name";
}
