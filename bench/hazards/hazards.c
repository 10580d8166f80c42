// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazards.c - the table of hazards.
 */
#include <strings.h>

#include "hazard.h"

const struct hazard *const hazards[] = {
	&hazard_semantics, &hazard_submount,	  &hazard_readdirplus,
	&hazard_listing,   &hazard_attributes,	  &hazard_deadlock,
	&hazard_stall,	   &hazard_memory,	  &hazard_open,
	&hazard_wrap,	   &hazard_uninitialised,
};
const unsigned int hazard_cnt = sizeof(hazards) / sizeof(hazards[0]);

int hazard_by_name(const char *name)
{
	for (unsigned int i = 0; i < hazard_cnt; i++)
		if (!strcasecmp(hazards[i]->name, name))
			return (int)i;
	return -1;
}
