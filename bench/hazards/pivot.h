/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pivot.h - a table of records: a row per method, a column per probe, kernels
 * that agree in one row.  Pure.
 */
#ifndef FUSE_EPOCH_HAZARDS_PIVOT_H
#define FUSE_EPOCH_HAZARDS_PIVOT_H

#include <stdbool.h>

#include <jansson.h>

#include "bench/lib/table.h"

/*
 * A method that a kernel doesn't offer has no row: that is told elsewhere, and
 * "all" kernels are those that offer it.
 * methods: a group by method, the order of the rows.  many: there are several
 * kernels, on the page if not in this table, so name them.  NULL: no memory.
 */
struct table *pivot_table(const json_t *records, const json_t *methods,
			  bool many);

#endif
