/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cells.h - the tables that cells of `epochbench workload` make: one per run and
 * workload, and one per run of its single events.
 */
#ifndef FUSE_EPOCH_HTML_CELLS_H
#define FUSE_EPOCH_HTML_CELLS_H

#include <stdbool.h>
#include <stdio.h>

#include "records.h"

/* Calls fn with the first cell of each such table; events: of single events. */
typedef int html_cells_fn(const struct html_records *all,
			  const struct workload_record *first, FILE *out);
int html_cells_each(const struct html_records *all, bool events,
		    html_cells_fn *fn, FILE *out);

/* How many rates that table has, without the control's. */
size_t html_cells_rates(const struct html_records *all,
			const struct workload_record *first);

/* "inval_entry:changed" of a row of a table, as JSON; free it. */
char *html_cells_method(const json_t *row);

/* The command that measures such a table, with words of ours only. */
void html_cells_command(const json_t *rows, const struct workload_record *first,
			FILE *out);

/* "5707 files of /usr/include, Linux 6.18.44, bindfs, run ..." */
void html_cells_say(const struct workload_record *first, FILE *out);

#endif
