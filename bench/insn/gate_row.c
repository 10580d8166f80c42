// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>

#include "functions.h"
#include "gate_row.h"

/* Functions that are named for one operation. */
#define CULPRITS_MAX 12
/* A line of them fits into a mail. */
#define NAME_COLUMNS 66

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
			fprintf(out, "%+8" PRId64 "  %.*s\n", all[i].insns,
				NAME_COLUMNS, all[i].name);
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

void gate_row_text(const struct gate *g, const struct gate_row *row, char *buf,
		   size_t len)
{
	int64_t by = llabs(row->more - row->base_more);
	const char *base = g->direct ? "base" : "baseline";
	int used;

	if (row->outcome == GATE_MISSING) {
		snprintf(buf, len, "isn't counted any more; it is in the %s",
			 base);
		return;
	}
	used = snprintf(buf, len,
			g->direct ? "%" PRId64 " instructions"
				  : "%+" PRId64 " instructions more than stock",
			row->more);
	if (row->outcome == GATE_NEW) {
		snprintf(buf + used, len - used, ", not in the %s", base);
		return;
	}
	used += snprintf(buf + used, len - used,
			 g->direct ? ", %" PRId64 " in the %s: "
				   : ", %+" PRId64 " in the %s: ",
			 row->base_more, base);
	if (row->by_upper)
		snprintf(buf + used, len - used,
			 "same; in one of four or more %s by %" PRId64,
			 gate_outcome_name(row->outcome),
			 row->upper_more - row->base_upper_more);
	else if (row->outcome == GATE_SAME)
		snprintf(buf + used, len - used, "same");
	else
		used += snprintf(buf + used, len - used, "%s by %" PRId64,
				 gate_outcome_name(row->outcome), by);
	if (row->upper_worse && !row->by_upper)
		snprintf(buf + used, len - used,
			 ", in one of four or more by %" PRId64,
			 row->upper_more - row->base_upper_more);
}

bool gate_is_unknown(const struct gate *g, const struct gate_row *row)
{
	return g->direct && row->outcome == GATE_NEW;
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
		       "(README.md of the results).";
	return NULL;
}
