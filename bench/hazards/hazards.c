// SPDX-License-Identifier: GPL-2.0-only
/*
 * hazards.c - the table of hazards.
 */
#include "hazard.h"

const struct hazard *const hazards[] = {
	&hazard_semantics,
	/* what stands above or beside */
	&hazard_submount,
	&hazard_overlay,
	&hazard_bound,
	&hazard_open,
	&hazard_watch,
	&hazard_cwd,
	&hazard_kept,
	&hazard_error,
	&hazard_numbers,
	&hazard_handle,
	/* races */
	&hazard_readdirplus,
	&hazard_listing,
	&hazard_data,
	&hazard_attributes,
	/* what it costs */
	&hazard_deadlock,
	&hazard_stall,
	&hazard_memory,
	&hazard_herd,
	&hazard_timeout,
	/* wrong values of the epoch itself */
	&hazard_wrap,
	&hazard_uninitialised,
};
const unsigned int hazard_cnt = sizeof(hazards) / sizeof(hazards[0]);
