/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate_format.h - the forms in which what the gate judged is printed.
 */
#ifndef FUSE_EPOCH_INSN_GATE_FORMAT_H
#define FUSE_EPOCH_INSN_GATE_FORMAT_H

#include <stdio.h>

#include "gate.h"

struct gate_format {
	const char *name;
	/*
	 * exact: it counts as failed if stock has moved without a reason.
	 * Returns 0 or -ENOMEM; errors of out are seen by the caller.
	 */
	int (*print)(FILE *out, const struct gate *g, bool exact);
};

extern const struct gate_format gate_formats[]; /* ends with no name */

const struct gate_format *gate_format_by_name(const char *name);

/* Has stock moved although no version has? */
bool gate_is_strange(const struct gate *g);

/* What they share. */

const char *gate_outcome_name(enum gate_outcome outcome);

/* "v8, traced" */
void gate_row_name(const struct gate_row *row, char *buf, size_t len);

/* "+11 instructions more than stock, +5 in the baseline: WORSE by 6" */
void gate_row_text(const struct gate_row *row, char *buf, size_t len);

/* "  +4  fuse_dentry_revalidate [fuse]", the largest first. */
void gate_print_functions(FILE *out, json_t *functions);

int gate_print_junit(FILE *out, const struct gate *g, bool exact);
int gate_print_ktap(FILE *out, const struct gate *g, bool exact);
int gate_print_json(FILE *out, const struct gate *g, bool exact);

#endif
