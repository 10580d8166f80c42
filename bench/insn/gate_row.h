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

/* "+11 instructions more than stock, +5 in the baseline: WORSE by 6" */
void gate_row_text(const struct gate_row *row, char *buf, size_t len);

/* "  +4  fuse_dentry_revalidate [fuse]", the largest first. */
void gate_print_functions(FILE *out, json_t *functions);

/* A sentence if the two sides were counted by other emulators or CPUs, else NULL. */
const char *gate_emulator_note(const struct gate *g);

/* Has stock moved although no version has? */
bool gate_is_strange(const struct gate *g);

#endif
