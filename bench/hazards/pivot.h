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
 * methods: the order of the rows.  many: there are several kernels, on the page
 * if not in this table, so name them.  NULL: no memory.
 */
struct table *pivot_table(const json_t *records, const json_t *methods,
			  bool many);

/* An array without this text gets it. */
void pivot_note(json_t *texts, const char *text);

/* All texts of a key, each once, in order of appearance. */
json_t *pivot_texts(const json_t *records, const char *key);

/* The kernels among the records, as they are called in the tables. */
json_t *pivot_kernels(const json_t *records);

#endif
