/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_cell.h - the texts of a comparison and of its numbers, which all
 * forms share.
 */
#ifndef FUSE_EPOCH_COMPARE_COMPARE_CELL_H
#define FUSE_EPOCH_COMPARE_COMPARE_CELL_H

#include <time.h>

#include "bench/lib/units.h"
#include "compare.h"

#define COMPARE_TEXT_LEN 160

/* "invalidate/epoch/wide/10000/readdirplus/1" */
void compare_record_path(const struct record *r, char sep, char *buf,
			 size_t len);

/* "invalidate/epoch/wide/10000/readdirplus/1/rewalk" */
void compare_cell_path(const struct compare_cell *c, char sep, char *buf,
		       size_t len);

/* "rewalk", or "rewalk_cpu" for its CPU time. */
#define COMPARE_PHASE_LEN 24
const char *compare_cell_phase(const struct compare_cell *c,
			       char buf[COMPARE_PHASE_LEN]);

/* "ns" or "insns" */
const char *compare_cell_unit(const struct compare_cell *c);
/* The same, for units_format(). */
enum unit compare_cell_cost_unit(const struct compare_cell *c);

/* "97.1 ms to 102 ms, +5.1% (+4.2% to +6%), floor 1.1%" */
void compare_cell_text(const struct compare_cell *c, char *buf, size_t len);

/* When its run began, by the run's name; false if that doesn't tell. */
bool compare_run_time(const struct record *rec, time_t *at);

/* "1 slower, 0 faster, 26 same, 1 undecided" */
void compare_count_text(const struct comparison *cmp, char *buf, size_t len);

/* "+5.1%", "-12%"; "-" if it isn't known. */
void compare_change_text(double change, char *buf, size_t len);

/* "1.1%"; "from 0" if there is no knowing. */
void compare_floor_text(double floor, char *buf, size_t len);

#endif
