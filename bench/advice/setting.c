// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rounds.h"
#include "setting.h"

static const struct {
	const char *key, *text;
	const char *harm; /* behind "5 of 6" */
} settings[SETTING_CNT] = {
	[SETTING_OVERLAY] = { "overlay", "an overlay above",
			      "looks through it were wrong" },
	[SETTING_INSIDE] = { "inside", "programs that work inside",
			     "calls of getcwd() failed" },
	[SETTING_NUMBERS] = { "numbers", "programs that know files by number",
			      "looks at a number saw a new one" },
};

const char *setting_key(size_t i)
{
	return i < SETTING_CNT ? settings[i].key : NULL;
}

const char *setting_text(size_t i)
{
	return settings[i].text;
}

bool setting_excludes(unsigned int bits, const struct workload_record *rec)
{
	for (size_t i = 0; i < SETTING_CNT; i++)
		if (bits & 1U << i && !strcmp(rec->setting, settings[i].key))
			return false;
	return *rec->setting;
}

struct setting_harm setting_harm(size_t i, const struct workload_same *same)
{
	switch (i) {
	case SETTING_OVERLAY:
		return (struct setting_harm){ same->overlay_wrong_cnt,
					      same->overlay_cnt };
	case SETTING_INSIDE:
		return (struct setting_harm){ same->getcwd_failed_cnt,
					      same->getcwd_cnt };
	default:
		return (struct setting_harm){ same->renumbered_cnt,
					      same->number_cnt };
	}
}

void setting_put(FILE *out, size_t i, const struct setting_harm *harm)
{
	fprintf(out, "%llu of %llu %s", (unsigned long long)harm->wrong_cnt,
		(unsigned long long)harm->cnt, settings[i].harm);
}

struct workload_same setting_sum(const struct workload_record *recs, size_t cnt,
				 const struct workload_record *like)
{
	struct workload_same sum = { .number_cnt = 0 };

	for (size_t i = 0; i < cnt; i++)
		if (workload_in_table(&recs[i]) &&
		    !strcmp(recs[i].run_id, like->run_id) &&
		    !strcmp(recs[i].method, like->method) &&
		    !strcmp(recs[i].scope, like->scope))
			workload_same_add(&sum, &recs[i].same);
	return sum;
}
