// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "gate_index.h"
#include "gate_rules.h"

/*
 * What is judged, and which operation of stock it is compared with: the same,
 * or, as stock has no epochs, the nearest.
 *
 * The tolerances are for what a change elsewhere can shift, because it depends
 * on addresses: which name shares its hash bucket (an instruction), which way
 * memcpy goes (4 for some copies), and in a cascade whether an object is freed
 * to the slab that its CPU works with (tens; 3600 for 256 names were seen).
 * Where nothing has changed nothing differs.  What three of four stay within has
 * the refills of slabs in it, where there is something to allocate.
 */
const struct gate_rule gate_rules[] = {
	{ "hit", "none", "hit", "none", "hit", 0, 0, 0 },
	{ "miss", "none", "miss", "none", "miss", 8, 0, 400 },
	{ "stale miss", "epoch", "stale", "none", "miss", 8, 0, 400 },
	{ "bump", "epoch", "notify", "inval_inode_attr", "notify", 0, 0, 0 },
	{ "first touch", "epoch", "first_touch", "inval_entry_top", "notify", 8,
	  1600, 400 },
	{ "inval_inode_attr", "inval_inode_attr", "notify", "inval_inode_attr",
	  "notify", 0, 0, 0 },
	{ "inval_inode", "inval_inode", "notify", "inval_inode", "notify", 0, 0,
	  0 },
	{ "inval_entry", "inval_entry", "notify", "inval_entry", "notify", 0, 0,
	  0 },
	{ "inval_entry_top", "inval_entry_top", "notify", "inval_entry_top",
	  "notify", 8, 1600, 400 },
	{ "expire_entry", "expire_entry", "notify", "expire_entry", "notify", 0,
	  0, 0 },
	{ "delete", "delete", "notify", "delete", "notify", 0, 0, 0 },
	{ "prune", "prune", "notify", "inval_inode", "notify", 8, 1600, 400 },
	{ .what = NULL },
};

const struct gate_rule *gate_rule_of(const json_t *m)
{
	for (const struct gate_rule *r = gate_rules; r->what; r++)
		if (!strcmp(r->method, gate_text_of(m, "method")) &&
		    !strcmp(r->phase, gate_text_of(m, "phase")))
			return r;
	return NULL;
}

static int64_t traced_times(const json_t *m, int64_t tolerance)
{
	return gate_is_traced(m) ? 2 * tolerance : tolerance;
}

int64_t gate_rule_tolerance(const struct gate_rule *r, const json_t *m)
{
	return traced_times(m, r->tolerance + r->tolerance_per_100 *
						      gate_number_of(m, "n") /
						      100);
}

int64_t gate_rule_upper_tolerance(const struct gate_rule *r, const json_t *m)
{
	return gate_rule_tolerance(r, m) + traced_times(m, r->upper);
}
