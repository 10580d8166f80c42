/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate_row.h - the texts of a verdict of the gate, which all forms share.
 */
#ifndef FUSE_EPOCH_INSN_GATE_ROW_H
#define FUSE_EPOCH_INSN_GATE_ROW_H

#include <stdio.h>

#include "gate.h"

const char *gate_outcome_name(enum gate_outcome outcome);

/* "v8, traced" */
void gate_row_name(const struct gate_row *row, char *buf, size_t len);

/*
 * "+11 instructions more than stock, +5 in the baseline: WORSE by 6"; direct:
 * "2273 instructions, 2267 in the base: WORSE by 6".
 */
void gate_row_text(const struct gate *g, const struct gate_row *row, char *buf,
		   size_t len);

/* "  +4  fuse_dentry_revalidate [fuse]", the largest first; 76 columns at most. */
void gate_print_functions(FILE *out, json_t *functions);

/* A sentence if the two sides were counted by other emulators or CPUs, else NULL. */
const char *gate_emulator_note(const struct gate *g);

/* What only the newer of two kernels can is no fault of it, and has no verdict. */
bool gate_is_unknown(const struct gate *g, const struct gate_row *row);

/* Has stock moved although no version has? */
bool gate_is_strange(const struct gate *g);

#endif
