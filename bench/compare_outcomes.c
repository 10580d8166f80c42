// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_outcomes.c - a comparison as tests: one per number, slower is a
 * failure, undecided is skipped.
 */
#include <errno.h>
#include <stdlib.h>

#include "compare_format.h"
#include "outcomes.h"

static int add_cell(struct outcomes *all, const struct compare_cell *c)
{
	static const enum outcome_end ends[VERDICT_MAX] = {
		[VERDICT_SAME] = OUTCOME_PASSED,
		[VERDICT_FASTER] = OUTCOME_PASSED,
		[VERDICT_SLOWER] = OUTCOME_FAILED,
		[VERDICT_UNDECIDED] = OUTCOME_SKIPPED,
	};
	const char *verdict = verdict_name(c->j.verdict);
	struct outcome *o = outcomes_add(all);
	char text[COMPARE_TEXT_LEN];

	if (!o)
		return -ENOMEM;
	o->end = ends[c->j.verdict];
	outcome_say(o->group, sizeof(o->group), "epochbench.%s",
		    c->base->case_name);
	compare_cell_path(c, '/', o->name, sizeof(o->name));
	compare_cell_text(c, text, sizeof(text));
	if (o->end == OUTCOME_FAILED) {
		o->kind = verdict;
		outcome_say(o->why, sizeof(o->why), "%s: %s", verdict, text);
		return 0;
	}
	if (o->end == OUTCOME_SKIPPED)
		outcome_say(o->why, sizeof(o->why), "%s: %s", verdict,
			    c->j.why);
	return asprintf(&o->text, "%s: %s", verdict, text) < 0 ? -ENOMEM : 0;
}

static int print(FILE *out, const struct comparison *cmp,
		 int (*form)(FILE *, const struct outcomes *))
{
	struct outcomes all = { .suite = "epochbench compare" };
	int ret = 0;

	for (size_t i = 0; !ret && i < cmp->cnt; i++)
		ret = add_cell(&all, &cmp->cell[i]);
	if (!ret)
		ret = form(out, &all);
	outcomes_free(&all);
	return ret;
}

int compare_print_junit(FILE *out, const struct comparison *cmp)
{
	return print(out, cmp, outcomes_print_junit);
}

int compare_print_ktap(FILE *out, const struct comparison *cmp)
{
	return print(out, cmp, outcomes_print_ktap);
}
