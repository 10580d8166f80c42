/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cells.h - what a reader sees of a record.  Pure.
 */
#ifndef FUSE_EPOCH_HAZARDS_CELLS_H
#define FUSE_EPOCH_HAZARDS_CELLS_H

#include <stddef.h>

#include <jansson.h>

#include "bench/lib/table.h"

/* Longer than any cell, label or list of kernels. */
enum { CELL_LEN = 256 };

/* The text of a key, "" if there is none. */
const char *record_text(const json_t *record, const char *key);

/* Variant of our fuse.ko ("v8", also of "v8+test 1a2b"), or release "6.18.15". */
void cell_kernel(const json_t *record, char *text);

/*
 * "L,O,R" or "L2": what was asked; "1.25 s"; of a hazard "-" if it is absent,
 * or what happens; "n/a", "FAILED".
 */
void cell_text(const json_t *record, char *text);

/* Whether it is bad: a hazard that is there, or a probe that failed. */
enum table_tone cell_tone(const json_t *record);

/* What those letters mean. */
extern const char cell_legend[];

#endif
