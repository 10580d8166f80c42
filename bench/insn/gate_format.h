/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate_format.h - the forms in which the gate prints its verdicts.
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

int gate_print_text(FILE *out, const struct gate *g, bool exact);
int gate_print_markdown(FILE *out, const struct gate *g, bool exact);
int gate_print_junit(FILE *out, const struct gate *g, bool exact);
int gate_print_ktap(FILE *out, const struct gate *g, bool exact);
int gate_print_json(FILE *out, const struct gate *g, bool exact);

#endif
