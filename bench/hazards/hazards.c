// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazards.c - the table of hazards.
 */
#include "hazard.h"

const struct hazard *const hazards[] = {
	&hazard_semantics, &hazard_submount,	  &hazard_readdirplus,
	&hazard_listing,   &hazard_attributes,	  &hazard_deadlock,
	&hazard_stall,	   &hazard_memory,	  &hazard_open,
	&hazard_wrap,	   &hazard_uninitialised, &hazard_overlay,
	&hazard_numbers,
};
const unsigned int hazard_cnt = sizeof(hazards) / sizeof(hazards[0]);
