/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - records of hazards as tables: an overview, then one per hazard.
 */
#ifndef FUSE_EPOCH_HAZARDS_PAGE_H
#define FUSE_EPOCH_HAZARDS_PAGE_H

#include <stdio.h>

#include <jansson.h>

#include "bench/lib/paragraph.h"

/* Returns 0 or -errno. */
int page_print(FILE *out, const json_t *records, enum report_format format);

#endif
