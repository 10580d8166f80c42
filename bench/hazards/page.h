/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - records of hazards as tables: overviews, then one per hazard.
 */
#ifndef FUSE_EPOCH_HAZARDS_PAGE_H
#define FUSE_EPOCH_HAZARDS_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "bench/lib/paragraph.h"

/*
 * wanted: by hazard, NULL: all; those without a record are named.  Returns 0 or
 * -errno.
 */
int page_print(FILE *out, const json_t *records, const bool *wanted,
	       enum report_format format);

#endif
