// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rounds.h"
#include "wrong.h"

/* A cell of that candidate whose workload counts what is done wrongly. */
static bool counts(const struct workload_record *rec,
		   const struct workload_record *like)
{
	return workload_in_table(rec) && *rec->wrong.what &&
	       !strcmp(rec->run_id, like->run_id) &&
	       !strcmp(rec->method, like->method) &&
	       !strcmp(rec->scope, like->scope) &&
	       rec->rate_hz == like->rate_hz;
}

static int weigh(const struct workload_record *recs, size_t cnt,
		 const struct workload_record *rec,
		 struct advise_candidate *one)
{
	const struct workload_record *control =
		workload_control_of(recs, cnt, rec);
	struct workload_row with, without;
	int ret;

	if (!control)
		return 0;
	ret = workload_row_sum(recs, cnt, rec, &with);
	if (!ret)
		ret = workload_row_sum(recs, cnt, control, &without);
	if (ret ||
	    !workload_is_above(&with.wrong_per_op, &without.wrong_per_op) ||
	    (one->wrong && with.wrong_per_op.median <= one->wrong_per_op))
		return ret;
	one->wrong = rec->wrong.what;
	one->wrong_per_op = with.wrong_per_op.median;
	return 0;
}

int advise_find_wrong(const struct workload_record *recs, size_t cnt,
		      unsigned int settings, struct advise_candidate *one)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < cnt; i++)
		if (counts(&recs[i], one->like) &&
		    !setting_excludes(settings, &recs[i]))
			ret = weigh(recs, cnt, &recs[i], one);
	return ret;
}
