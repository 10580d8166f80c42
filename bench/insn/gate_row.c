// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>

#include "functions.h"
#include "gate_row.h"

/* Functions that are named for one operation. */
#define CULPRITS_MAX 12

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const names[] = {
		[GATE_SAME] = "same",	    [GATE_BETTER] = "better",
		[GATE_WORSE] = "WORSE",	    [GATE_NEW] = "not in the baseline",
		[GATE_MISSING] = "MISSING",
	};

	return names[outcome];
}

void gate_print_functions(FILE *out, json_t *functions)
{
	size_t cnt;
	struct function_insns *all = functions_sorted(functions, &cnt);
	int64_t rest = 0;

	for (size_t i = 0; i < cnt; i++) {
		if (i < CULPRITS_MAX)
			fprintf(out, "%+8" PRId64 "  %s\n", all[i].insns,
				all[i].name);
		else
			rest += all[i].insns;
	}
	if (cnt > CULPRITS_MAX)
		fprintf(out, "%+8" PRId64 "  in %zu others\n", rest,
			cnt - CULPRITS_MAX);
	free(all);
}

void gate_row_name(const struct gate_row *row, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s", row->variant, row->traced ? ", traced" : "");
}

void gate_row_text(const struct gate_row *row, char *buf, size_t len)
{
	int64_t by = llabs(row->more - row->base_more);
	int used =
		snprintf(buf, len, "%+" PRId64 " instructions more than stock",
			 row->more);

	if (row->outcome == GATE_MISSING)
		snprintf(buf, len,
			 "isn't counted any more; it is in the baseline");
	else if (row->outcome == GATE_NEW)
		snprintf(buf + used, len - used, ", not in the baseline");
	else if (row->outcome == GATE_SAME)
		snprintf(buf + used, len - used,
			 ", %+" PRId64 " in the baseline: same",
			 row->base_more);
	else
		snprintf(buf + used, len - used,
			 ", %+" PRId64 " in the baseline: %s by %" PRId64,
			 row->base_more, gate_outcome_name(row->outcome), by);
}

bool gate_is_strange(const struct gate *g)
{
	return json_object_size(g->stock_moved) && !json_object_size(g->moved);
}

const char *gate_emulator_note(const struct gate *g)
{
	if (json_object_get(g->moved, "cpu"))
		return "The two sides were counted on different CPUs, which "
		       "kernel and libc choose their code by: compare nothing "
		       "but what a variant costs more than stock, and record "
		       "the baseline again.";
	if (json_object_get(g->moved, "qemu"))
		return "The two sides were counted by different emulators on "
		       "the same CPU: they differ as boots with other seeds do "
		       "(results/README.md).";
	return NULL;
}
