// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_outcomes.c - a comparison as tests: one per number, slower is a
 * failure, undecided is skipped; and one per variant that has no numbers.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "compare_cell.h"
#include "compare_format.h"
#include "bench/lib/outcomes.h"

static void name_group(struct outcome *o, const struct record *rec)
{
	outcome_say(o->group, sizeof(o->group), "epochbench.%s",
		    rec->case_name);
}

static enum outcome_end end_of(const struct comparison *cmp, enum verdict v)
{
	if (v == VERDICT_SLOWER || (v == VERDICT_UNDECIDED && cmp->strict))
		return OUTCOME_FAILED;
	return v == VERDICT_UNDECIDED ? OUTCOME_SKIPPED : OUTCOME_PASSED;
}

static int add_cell(struct outcomes *all, const struct comparison *cmp,
		    const struct compare_cell *c)
{
	const char *verdict = verdict_name(c->j.verdict);
	struct outcome *o = outcomes_add(all);
	char text[COMPARE_TEXT_LEN];

	if (!o)
		return -ENOMEM;
	o->end = end_of(cmp, c->j.verdict);
	name_group(o, c->base);
	compare_cell_path(c, '/', o->name, sizeof(o->name));
	compare_cell_text(c, text, sizeof(text));
	if (!strcmp(compare_cell_unit(c), "ns") && isfinite(c->j.fresh))
		o->time_s = c->j.fresh * 1e-9;
	if (o->end == OUTCOME_FAILED)
		o->kind = verdict;
	if (c->j.verdict == VERDICT_SLOWER) {
		outcome_say(o->why, sizeof(o->why), "slower: %s", text);
		return 0;
	}
	if (c->j.verdict == VERDICT_UNDECIDED)
		outcome_say(o->why, sizeof(o->why), "undecided: %s", c->j.why);
	return asprintf(&o->text, "%s: %s", verdict, text) < 0 ? -ENOMEM : 0;
}

static int add_gap(struct outcomes *all, const struct compare_gap *gap)
{
	struct outcome *o = outcomes_add(all);

	if (!o)
		return -ENOMEM;
	o->end = gap->failed ? OUTCOME_ERROR : OUTCOME_SKIPPED;
	o->kind = gap->failed ? "failed" : NULL;
	name_group(o, gap->rec);
	compare_record_path(gap->rec, '/', o->name, sizeof(o->name));
	outcome_say(o->why, sizeof(o->why), "%s", gap->why);
	return 0;
}

/* Of NEW; as JUnit's XML has it: no zone, which is UTC here. */
static void set_timestamp(struct outcomes *all, const struct comparison *cmp)
{
	const struct record *rec = cmp->cnt	  ? cmp->cell[0].fresh
				   : cmp->gap_cnt ? cmp->gap[0].fresh
						  : NULL;
	time_t at;

	if (rec && compare_run_time(rec, &at))
		strftime(all->timestamp, sizeof(all->timestamp),
			 "%Y-%m-%dT%H:%M:%S", gmtime(&at));
}

static int print(FILE *out, const struct comparison *cmp,
		 int (*form)(FILE *, const struct outcomes *))
{
	struct outcomes all = { .suite = "epochbench compare" };
	int ret = 0;

	for (size_t i = 0; !ret && i < cmp->cnt; i++)
		ret = add_cell(&all, cmp, &cmp->cell[i]);
	for (size_t i = 0; !ret && i < cmp->gap_cnt; i++)
		ret = add_gap(&all, &cmp->gap[i]);
	set_timestamp(&all, cmp);
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
