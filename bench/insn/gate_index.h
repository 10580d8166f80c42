/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate_index.h - finds a measurement among many, whatever their number.
 */
#ifndef FUSE_EPOCH_INSN_GATE_INDEX_H
#define FUSE_EPOCH_INSN_GATE_INDEX_H

#include <jansson.h>
#include <stdbool.h>

/* A text of a measurement, "" if there is none; and a number, 0. */
const char *gate_text_of(const json_t *m, const char *key);
int64_t gate_number_of(const json_t *m, const char *key);

bool gate_is_traced(const json_t *m);

/* Up to which character names that are one to an index are the same. */
#define GATE_VARIANT "+ " /* "v8" of "v8+planted 0123456789ab" */
#define GATE_RUN " " /* "v8+planted" */

/*
 * An index of all measurements, each of which keeps the first of its kind: of
 * what is before those characters in "fuse", traced or not, method and phase.
 * NULL: no memory; then nothing is found.
 */
json_t *gate_index(json_t *all, const char *until);

/* The one in the index that fuse is of, or NULL. */
json_t *gate_find(json_t *index, const char *until, const char *fuse,
		  bool traced, const char *method, const char *phase);

#endif
