/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate_rules.h - which operations are judged, and by how much they may differ.
 */
#ifndef FUSE_EPOCH_INSN_GATE_RULES_H
#define FUSE_EPOCH_INSN_GATE_RULES_H

#include <jansson.h>
#include <stdint.h>

struct gate_rule {
	const char *what, *method, *phase;
	const char *stock_method, *stock_phase;
	unsigned int tolerance; /* instructions; traced: twice as many ... */
	unsigned int tolerance_per_100; /* ... and for each 100 names */
	unsigned int upper; /* more, of what three of four stay within */
};

/* The last one has no name. */
extern const struct gate_rule gate_rules[];

/* The one a measurement is judged by, or NULL. */
const struct gate_rule *gate_rule_of(const json_t *m);

/* Instructions, of the cheapest execution, and of what three of four stay within. */
int64_t gate_rule_tolerance(const struct gate_rule *r, const json_t *m);
int64_t gate_rule_upper_tolerance(const struct gate_rule *r, const json_t *m);

#endif
